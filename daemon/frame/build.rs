//! Packs the files that every page asks for, once, when the program is built: brotli at its best takes
//! too long for a start and is an eighth smaller than gzip.

use std::io::Write;
use std::path::Path;

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=assets");
    let out = std::env::var_os("OUT_DIR").unwrap_or_default();
    for entry in std::fs::read_dir("assets")? {
        let path = entry?.path();
        let bytes = std::fs::read(&path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned() + ".br";
        let mut packed = Vec::new();
        brotli::CompressorWriter::new(&mut packed, 16 * 1024, 11, 22).write_all(&bytes)?;
        std::fs::write(Path::new(&out).join(name), packed)?;
    }
    Ok(())
}
