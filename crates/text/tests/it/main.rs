//! What the crate promises, from outside.

#[cfg(test)]
mod category;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod incident;
#[cfg(test)]
mod phrase;
