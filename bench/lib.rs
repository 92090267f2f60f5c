//! Nothing: the benches are in `benches/`. `cargo bench -p oolong-bench` runs them; whole servers are measured with
//! `bench.py` of the shared tools.
