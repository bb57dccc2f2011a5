//! The shapes of the headers that were seen last. Most tokens of a log have one of few headers, which need not be decoded
//! and parsed again for each token.

use super::shape::SegmentShape;

/// The number of headers that are kept.
const KEPT: usize = 4;

/// The limit for headers that are kept, in bytes.
const LONGEST: usize = 1 << 10;

/// The headers that were seen last.
#[derive(Debug, Default)]
pub(super) struct HeaderShapes {
    kept: [Option<(Box<[u8]>, SegmentShape)>; KEPT],
    /// The number of headers that were kept so far.
    count: usize,
}

impl HeaderShapes {
    /// Returns the shape of a segment that is a JOSE Header, or `None`.
    pub(super) fn shape_of(&mut self, segment: &[u8]) -> Option<SegmentShape> {
        let is_same = |kept: &&(Box<[u8]>, SegmentShape)| *kept.0 == *segment;
        // Saves 1,700 of 2,500 instructions a token.
        if let Some((_, shape)) = self.kept.iter().flatten().find(is_same) {
            return Some(*shape);
        }
        let shape = SegmentShape::from_header(segment)?;
        if segment.len() <= LONGEST
            && let Some(oldest) = self.kept.get_mut(self.count % KEPT)
        {
            *oldest = Some((segment.into(), shape));
            self.count += 1;
        }
        Some(shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::base64url;

    #[test]
    fn knows_the_shape_of_each_header_whatever_came_before() {
        let headers = (0..3 * KEPT).map(|number| match number % 3 {
            0 => format!(r#"{{"alg":"HS256","kid":"{number}"}}"#),
            1 => format!(r#"{{"alg":"dir","enc":"A128GCM","kid":"{number}"}}"#),
            _ => format!(r#"{{"number":{number}}}"#),
        });
        let mut segments: Vec<_> = headers.map(|header| base64url::encode(header.as_bytes())).collect();
        segments.extend(["", "eyJ", "eyJhbGciOjF9x", "www"].map(str::to_owned));
        segments.push(base64url::encode(format!(r#"{{"alg":"{}"}}"#, "x".repeat(LONGEST)).as_bytes()));
        let mut shapes = HeaderShapes::default();
        for distance in [0, 1, 3, 5, 7] {
            for index in 0..4 * segments.len() {
                let segment = segments[(index * distance + index / 7) % segments.len()].as_bytes();
                assert_eq!(shapes.shape_of(segment), SegmentShape::from_header(segment), "{segment:?}");
            }
        }
    }
}
