//! Has the demo's files built in anew when one of them changes.

fn main() {
    println!("cargo:rerun-if-changed=../config/demo");
}
