//! Sees to it that the folder of the built workbench is there: empty when it
//! was not built, so that Rust alone compiles without Node.

use std::path::Path;
use std::{fs, io};

fn main() -> io::Result<()> {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    println!("cargo::rerun-if-changed={}", built.display());
    println!("cargo::rerun-if-changed=build.rs");
    fs::create_dir_all(built)
}
