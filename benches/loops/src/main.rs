//! Loops to compare `fob` with, the tokens for both, and a stopwatch for whole programs. `../throughput`, `../compare` and
//! `../growth` decide what runs, how often, and in which order.

mod encodings;
mod growth;
mod logs;
mod loops;
mod stopwatch;
mod tokens;

use std::env::args;
use std::path::Path;
use stopwatch::Sample;

const USAGE: &str = "usage: loops encodings | tokens DIR | logs DIR MIB TOKENS | sets DIR | sizes DIR | loop RESULTS NAME DIR | run RESULTS NAME STATUS PROGRAM [ARG…]";

fn main() {
    let words: Vec<String> = args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["encodings"] => encodings::compare(),
        ["tokens", dir] => tokens::make(Path::new(dir)),
        ["logs", dir, mib, tokens] => logs::make(Path::new(dir), mib.parse().unwrap(), Path::new(tokens)),
        ["sets", dir] => growth::make_sets(Path::new(dir)),
        ["sizes", dir] => growth::make_sizes(Path::new(dir)),
        ["loop", results, name, dir] => loops::run(name, Path::new(dir)).append(results, name),
        ["run", results, name, status, program, arguments @ ..] => {
            Sample::of_program(program, arguments, status.parse().unwrap()).append(results, name);
        }
        _ => panic!("{USAGE}"),
    }
}
