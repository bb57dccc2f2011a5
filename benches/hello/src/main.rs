//! The least a program can do: what `fob` is compared with.

fn main() {
    println!("hello");
}
