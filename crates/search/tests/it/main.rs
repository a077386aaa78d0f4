//! The index against a scan of everything, through its whole life.

#[cfg(test)]
mod house;
#[cfg(test)]
mod life;
#[cfg(test)]
mod reach;
#[cfg(test)]
mod scan;
