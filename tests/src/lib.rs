//! The tests of the whole house: its laws (`tidy/`), and the real program with real files, real
//! certificates and a real browser (`e2e/`). This library is empty; the tests are the targets.
