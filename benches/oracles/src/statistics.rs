//! Compares two sets of times with Welch's t-test.

/// Times of one fault, in nanoseconds.
#[derive(Clone, Debug, Default)]
pub struct Times(pub Vec<f64>);

/// The difference between two sets of times.
#[derive(Clone, Copy, Debug)]
pub struct Difference {
    /// The difference of the means, in nanoseconds.
    pub nanoseconds: f64,
    /// The mean divided by the other mean.
    pub ratio: f64,
    /// The difference divided by its standard error.
    pub t: f64,
}

/// Returns the time below which this share of all measurements lies. Slower ones were interrupted by other work.
#[must_use]
pub fn quantile(sets: &[Times], share: f64) -> f64 {
    let mut all: Vec<f64> = sets.iter().flat_map(|set| set.0.iter().copied()).collect();
    all.sort_by(f64::total_cmp);
    let index = (all.len() as f64 * share) as usize;
    all[index.min(all.len() - 1)]
}

impl Times {
    /// Compares the times with others, leaving out those above a limit.
    #[must_use]
    pub fn compared(&self, other: &Self, limit: f64) -> Difference {
        let (own, others) = (self.moments(limit), other.moments(limit));
        let nanoseconds = own.mean - others.mean;
        let error = (own.variance / own.count + others.variance / others.count).sqrt();
        Difference { nanoseconds, ratio: own.mean / others.mean, t: nanoseconds / error }
    }

    fn moments(&self, limit: f64) -> Moments {
        let kept: Vec<f64> = self.0.iter().copied().filter(|time| *time <= limit).collect();
        let count = kept.len() as f64;
        let mean = kept.iter().sum::<f64>() / count;
        let variance = kept.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (count - 1.0);
        Moments { count, mean, variance }
    }
}

struct Moments {
    count: f64,
    mean: f64,
    variance: f64,
}
