//! Who stands above a post, for what nobody below attended to.

use super::post::Post;

impl Post {
    /// Gives the post above: whom an unread urgent notice reaches next.
    ///
    /// PROP-24, PROP-39, X-53: the lead, then the head of the department, then
    /// the company's leaders. Nobody stands above the general manager, and
    /// administration stands beside the line, not above it (SUP-1).
    #[must_use]
    pub const fn superior(self) -> Option<Self> {
        match self {
            Self::Employee
            | Self::Agent
            | Self::Visitor
            | Self::Verifier
            | Self::Department
            | Self::Statistics => Some(Self::Lead),
            Self::ShiftLeader => Some(Self::Supervisor),
            Self::Lead | Self::Supervisor => Some(Self::Head),
            Self::Head | Self::Supervision | Self::Office | Self::Spokesperson => Some(Self::Manager),
            Self::Manager | Self::Group => Some(Self::DeputyGm),
            Self::DeputyGm => Some(Self::Gm),
            Self::Gm | Self::Admin => None,
        }
    }

    /// Gives how many posts stand above this one.
    #[must_use]
    pub const fn height_below_top(self) -> u8 {
        match self.superior() {
            None => 0,
            Some(above) => above.height_below_top() + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// X-53, PROP-39
    #[test]
    fn every_line_ends_at_the_top() {
        for post in Post::ALL {
            let line: Vec<Post> = std::iter::successors(Some(post), |below| below.superior()).collect();
            assert!(line.len() <= 6, "{line:?}");
            let top = if post == Post::Admin { Post::Admin } else { Post::Gm };
            assert_eq!(line.last(), Some(&top));
            assert_eq!(usize::from(post.height_below_top()), line.len() - 1);
        }
        assert_eq!(Post::Agent.superior(), Some(Post::Lead));
        assert_eq!(Post::Lead.superior(), Some(Post::Head));
    }
}
