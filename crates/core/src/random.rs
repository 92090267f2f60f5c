//! Randomness as an argument: the operating system's in production, seeded in tests.

use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::{StdRng, SysRng};
use rand::{Rng as _, SeedableRng, TryRng};

/// A source of random bytes and texts.
#[derive(Clone, Default)]
pub enum Rng {
    /// The operating system's generator.
    #[default]
    System,
    /// A reproducible sequence, for tests.
    Seeded(Arc<Mutex<StdRng>>),
}

impl Rng {
    /// A reproducible source.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// Fills `bytes`.
    pub fn fill(&self, bytes: &mut [u8]) {
        match self {
            Self::System => SysRng.try_fill_bytes(bytes).expect("the operating system provides randomness"),
            Self::Seeded(rng) => rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes),
        }
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// `length` characters of `a-zA-Z0-9`, each equally likely.
    pub fn alphanumeric(&self, length: usize) -> String {
        const ALPHABET: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        let mut text = String::with_capacity(length);
        while text.len() < length {
            let [byte] = self.bytes::<1>();
            // 248 is the largest multiple of 62 in a byte: taking only smaller values keeps the choice even.
            if byte < 248 {
                text.push(char::from(ALPHABET[usize::from(byte % 62)]));
            }
        }
        text
    }

    /// `2 * N` lower-case hexadecimal digits.
    pub fn hex<const N: usize>(&self) -> String {
        use std::fmt::Write as _;
        self.bytes::<N>().iter().fold(String::with_capacity(2 * N), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

impl std::fmt::Debug for Rng {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::System => "Rng::System",
            Self::Seeded(_) => "Rng::Seeded",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Rng;

    #[test]
    fn seeded_repeats_and_texts_have_their_length() {
        assert_eq!(Rng::seeded(7).bytes::<8>(), Rng::seeded(7).bytes::<8>());
        assert_eq!(Rng::System.alphanumeric(10).len(), 10);
        assert_eq!(Rng::System.hex::<20>().len(), 40);
    }
}
