//! One gzip stream, or several after each other, as one file.

use super::Budget;
use almoner_core::export::Problem;
use flate2::read::MultiGzDecoder;

/// Inflates a gzip file.
pub fn gunzip(bytes: &[u8], budget: &mut Budget) -> Result<Vec<u8>, Problem> {
    let stream = MultiGzDecoder::new(bytes);
    budget.inflate(stream, bytes.len() as u64).map_err(|spill| spill.problem("gzip"))
}
