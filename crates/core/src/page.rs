//! Which part of a list is asked for.

/// A page of a list: `number` counts from 1, `limit` is the page's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Counts from 1.
    pub number: u64,
    /// How many items a page has, at least 1.
    pub limit: u64,
}

impl Page {
    /// The page `number` (from 1) of `limit` items.
    pub fn new(number: u64, limit: u64) -> Self {
        Self { number: number.max(1), limit: limit.max(1) }
    }

    /// How many items come before this page.
    pub fn offset(self) -> u64 {
        (self.number - 1).saturating_mul(self.limit).min(i64::MAX as u64)
    }

    /// The items of this page out of a list held in memory.
    pub fn slice<T>(self, items: Vec<T>) -> Vec<T> {
        let offset = usize::try_from(self.offset()).unwrap_or(usize::MAX);
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        items.into_iter().skip(offset).take(limit).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Page;

    #[test]
    fn slices() {
        assert_eq!(Page::new(2, 2).slice(vec![1, 2, 3, 4, 5]), [3, 4]);
        assert_eq!(Page::new(0, 0), Page { number: 1, limit: 1 });
        assert_eq!(Page::new(u64::MAX, u64::MAX).slice(vec![1]), Vec::<i32>::new());
    }
}
