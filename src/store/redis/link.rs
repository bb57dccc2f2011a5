//! A connection on a thread of its own, so that an operation ends at its time limit. The limits of the crate `redis` hold for
//! each single read: a server that sends a byte now and then would never reach them.

use redis::{Connection, RedisError, RedisResult};
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// The time limit of an operation: resolving the name, connecting, the login, and all requests.
pub(super) const LIMIT: Duration = Duration::from_secs(5);

/// The end of an operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline(Instant);

impl Deadline {
    /// Begins an operation.
    pub(super) fn begin() -> Self {
        Self(Instant::now() + LIMIT)
    }

    /// Waits for a result. Fails at the end of the operation, or if the thread is gone.
    fn wait<T>(self, result: &Receiver<RedisResult<T>>) -> RedisResult<T> {
        let left = self.0.saturating_duration_since(Instant::now());
        result.recv_timeout(left).unwrap_or_else(|_| Err(late()))
    }
}

/// The time for reading all records: the limit of an operation, and more for each step that the server completes. A slow
/// server reaches the limit soon. A server with many records gets more time with each step.
#[derive(Clone, Copy, Debug)]
pub(super) struct ListingTime {
    began: Instant,
    end: Instant,
}

impl ListingTime {
    /// The time for a step, on the average. A step reads about 1000 keys.
    const STEP: Duration = Duration::from_millis(500);
    /// The time limit for all steps.
    const LONGEST: Duration = Duration::from_secs(600);

    /// Begins a listing.
    pub(super) fn begin() -> Self {
        let began = Instant::now();
        Self { began, end: began + LIMIT }
    }

    /// Begins a step, and returns its end.
    pub(super) fn step(&mut self) -> Deadline {
        self.end = (self.end + Self::STEP).min(self.began + Self::LONGEST);
        Deadline((Instant::now() + LIMIT).min(self.end))
    }

    /// Reports whether the time is over.
    pub(super) fn is_over(self) -> bool {
        Instant::now() >= self.end
    }

    /// Returns the seconds since the beginning.
    pub(super) fn seconds(self) -> u64 {
        self.began.elapsed().as_secs()
    }
}

type Request = Box<dyn FnOnce(&mut Connection) + Send>;

/// A connection. After a late response, every further request fails: the responses would not fit the requests any more.
pub(super) struct Link {
    requests: Option<SyncSender<Request>>,
}

impl Link {
    /// Opens a connection.
    pub(super) fn open(
        connect: impl FnOnce() -> RedisResult<Connection> + Send + 'static,
        deadline: Deadline,
    ) -> RedisResult<Self> {
        let (opened, result) = sync_channel(1);
        let (requests, received) = sync_channel::<Request>(1);
        // A late connection keeps its thread, since the process ends soon after.
        thread::Builder::new().spawn(move || match connect() {
            Ok(mut connection) => {
                let _ = opened.send(Ok(()));
                for request in received {
                    request(&mut connection);
                }
            }
            Err(error) => drop(opened.send(Err(error))),
        })?;
        deadline.wait(&result)?;
        Ok(Self { requests: Some(requests) })
    }

    /// Sends a request, and returns its response.
    pub(super) fn request<T: Send + 'static>(
        &mut self,
        request: impl FnOnce(&mut Connection) -> RedisResult<T> + Send + 'static,
        deadline: Deadline,
    ) -> RedisResult<T> {
        let (sender, result) = sync_channel(1);
        // Once the time is over, no receiver is left.
        let request: Request = Box::new(move |connection| drop(sender.send(request(connection))));
        let sent = self.requests.as_ref().is_some_and(|requests| requests.send(request).is_ok());
        let response = if sent { deadline.wait(&result) } else { Err(late()) };
        if response.as_ref().is_err_and(RedisError::is_timeout) {
            self.requests = None;
        }
        response
    }
}

fn late() -> RedisError {
    io::Error::from(io::ErrorKind::TimedOut).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_gets_more_time_with_each_step_up_to_a_limit() {
        let mut time = ListingTime::begin();
        for steps in 1..=10 {
            let Deadline(end) = time.step();
            assert_eq!(time.end - time.began, LIMIT + ListingTime::STEP * steps);
            assert!(end <= time.end && end <= Instant::now() + LIMIT);
        }
        for _ in 0..10_000 {
            time.step();
        }
        assert_eq!(time.end - time.began, ListingTime::LONGEST);
        assert!(!time.is_over() && ListingTime { end: time.began, ..time }.is_over());
    }
}
