//! Measures wall time, processor time and, for a program, peak memory.

use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

/// One measurement.
pub struct Sample {
    wall: Duration,
    cpu_us: i64,
    peak_kib: i64,
}

impl Sample {
    /// Measures work in this process and on this thread.
    pub fn of(work: impl FnOnce()) -> Self {
        let used_before = cpu_us(&getrusage(UsageWho::RUSAGE_SELF).unwrap());
        let start = Instant::now();
        work();
        let wall = start.elapsed();
        let cpu_us = cpu_us(&getrusage(UsageWho::RUSAGE_SELF).unwrap()) - used_before;
        Self { wall, cpu_us, peak_kib: 0 }
    }

    /// Measures a program from its start to its end. It must exit with the given status. This process may start no other program,
    /// because the peak is that of the largest child. The peak is at least ours, since a child begins as a copy.
    pub fn of_program(program: &str, arguments: &[&str], expected: i32) -> Self {
        let start = Instant::now();
        let status = Command::new(program).args(arguments).status().unwrap();
        let wall = start.elapsed();
        assert_eq!(status.code(), Some(expected), "{program} {arguments:?}");
        let used = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
        Self { wall, cpu_us: cpu_us(&used), peak_kib: used.max_rss() }
    }

    /// Appends a line to a file: name, wall and processor time in seconds, peak in KiB.
    pub fn append(&self, results: &str, name: &str) {
        let mut file = OpenOptions::new().append(true).create(true).open(results).unwrap();
        let cpu = Duration::from_micros(self.cpu_us.unsigned_abs()).as_secs_f64();
        writeln!(file, "{name}\t{:.6}\t{cpu:.6}\t{}", self.wall.as_secs_f64(), self.peak_kib).unwrap();
    }
}

fn cpu_us(used: &Usage) -> i64 {
    used.user_time().num_microseconds() + used.system_time().num_microseconds()
}
