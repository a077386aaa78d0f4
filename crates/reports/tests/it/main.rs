//! Every writer shows the same numbers.

#[cfg(test)]
mod writers;
