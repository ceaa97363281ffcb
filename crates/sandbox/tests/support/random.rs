//! Random numbers that repeat: each seed gives one sequence (SplitMix64).

/// A sequence of numbers.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

/// The seeds of a test: the usual ones, or the one in the variable `KASSA_SEED`.
pub(crate) fn seeds(usual: std::ops::RangeInclusive<u64>) -> Vec<u64> {
    match std::env::var("KASSA_SEED") {
        Ok(seed) => vec![seed.parse().expect("KASSA_SEED is a number")],
        Err(_) => usual.collect(),
    }
}
