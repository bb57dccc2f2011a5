//! The time limit of an operation on an SQLite file. A damaged or hostile file must not hold a command for ever.

use rusqlite::Connection;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The time limit of an operation. It includes the wait for a lock.
pub(super) const LIMIT: Duration = Duration::from_secs(60);
/// The number of steps of SQLite between two looks at the clock: less than a millisecond.
const STEPS: i32 = 10_000;

/// The end of the current operation.
pub(super) struct Deadline(Arc<Mutex<Instant>>);

impl Deadline {
    /// Interrupts every statement of a connection that is not done in time. The first operation begins now.
    pub(super) fn of(connection: &mut Connection) -> rusqlite::Result<Self> {
        let end = Arc::new(Mutex::new(Instant::now() + LIMIT));
        let watched = Arc::clone(&end);
        let is_over = move || Instant::now() > *watched.lock().unwrap_or_else(PoisonError::into_inner);
        connection.progress_handler(STEPS, Some(is_over))?;
        Ok(Self(end))
    }

    /// Begins another operation.
    pub(super) fn renew(&self) {
        self.set(Instant::now() + LIMIT);
    }

    fn set(&self, end: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::ErrorCode;

    #[test]
    fn interrupts_a_statement_without_end() {
        let mut connection = Connection::open_in_memory().unwrap();
        let deadline = Deadline::of(&mut connection).unwrap();
        let count = |limit: &str| {
            let sql = format!(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n {limit}) SELECT count(*) FROM n"
            );
            connection.query_row(&sql, [], |row| row.get::<_, i64>(0))
        };
        deadline.set(Instant::now());
        let error = count("").unwrap_err();
        assert_eq!(error.sqlite_error_code(), Some(ErrorCode::OperationInterrupted));
        deadline.renew();
        assert_eq!(count("LIMIT 50000").unwrap(), 50_000);
    }
}
