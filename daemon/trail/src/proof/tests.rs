//! Proofs against a naive tree written straight from the RFC's recursive definitions, and against
//! published vectors.

use proptest::prelude::*;

use super::*;
use crate::hash::leaf_hash;
use crate::range::Range;
use crate::tiles::{MemoryTiles, range_at, root_at};

/// RFC 6962 section 2.1, literally.
fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(naive_split(leaves.len()));
            node_hash(&naive_root(left), &naive_root(right))
        }
    }
}

/// RFC 6962 section 2.1.1, literally.
fn naive_path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() <= 1 {
        return Vec::new();
    }
    let middle = naive_split(leaves.len());
    let (left, right) = leaves.split_at(middle);
    let (mut path, sibling) = if index < middle {
        (naive_path(index, left), naive_root(right))
    } else {
        (naive_path(index - middle, right), naive_root(left))
    };
    path.push(sibling);
    path
}

/// RFC 6962 section 2.1.2, literally: SUBPROOF(m, D[n], b).
fn naive_subproof(older: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if older == leaves.len() {
        return if whole { Vec::new() } else { vec![naive_root(leaves)] };
    }
    let middle = naive_split(leaves.len());
    let (left, right) = leaves.split_at(middle);
    let (mut path, sibling) = if older <= middle {
        (naive_subproof(older, left, whole), naive_root(right))
    } else {
        (naive_subproof(older - middle, right, false), naive_root(left))
    };
    path.push(sibling);
    path
}

fn naive_split(count: usize) -> usize {
    let mut width = 1;
    while width * 2 < count {
        width *= 2;
    }
    width
}

fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|number| leaf_hash(format!("entry {number}").as_bytes())).collect()
}

fn grow(leaves: &[Hash]) -> (Range, MemoryTiles) {
    let (mut range, mut tiles) = (Range::new(), MemoryTiles::default());
    for leaf in leaves {
        tiles.extend(range.append(*leaf));
    }
    (range, tiles)
}

fn from_hex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// The inputs and roots that Certificate Transparency logs use as their reference tree
/// (transparency-dev/merkle, testonly).
#[test]
fn published_roots_of_the_reference_tree() {
    const INPUTS: [&str; 8] = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];
    const ROOTS: [&str; 9] = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut range = Range::new();
    assert_eq!(range.root().to_hex(), ROOTS[0]);
    for (input, root) in INPUTS.iter().zip(&ROOTS[1..]) {
        range.append(leaf_hash(&from_hex(input)));
        assert_eq!(&range.root().to_hex(), root, "size {}", range.size());
    }
}

#[test]
fn every_small_tree_agrees_with_the_naive_one() {
    let all = leaves(80);
    let (_, tiles) = grow(&all);
    for size in 0..=all.len() {
        let tree = &all[..size];
        let root = naive_root(tree);
        assert_eq!(root_at(size as u64, &tiles).unwrap(), root);
        for (index, leaf) in tree.iter().enumerate() {
            let path = inclusion(index as u64, size as u64, &tiles).unwrap();
            assert_eq!(path, naive_path(index, tree), "inclusion {index} of {size}");
            assert!(verify_inclusion(leaf, index as u64, size as u64, &path, &root));
        }
        for older in 1..=size {
            let path = consistency(older as u64, size as u64, &tiles).unwrap();
            assert_eq!(path, naive_subproof(older, tree, true), "consistency {older} to {size}");
            let before = naive_root(&all[..older]);
            assert!(verify_consistency(older as u64, size as u64, &path, &before, &root));
        }
    }
}

#[test]
fn questions_beyond_the_tree_are_refused() {
    let (_, tiles) = grow(&leaves(5));
    assert!(matches!(inclusion(5, 5, &tiles), Err(TreeError::Beyond)));
    assert!(matches!(consistency(6, 5, &tiles), Err(TreeError::Beyond)));
    assert!(matches!(root_at(6, &tiles), Err(TreeError::Missing { level: 0, start: 4 })));
    assert!(!verify_inclusion(&empty_root(), 0, 0, &[], &empty_root()));
    assert!(!verify_consistency(3, 2, &[], &empty_root(), &empty_root()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Trees wide enough for two tile levels, at any two sizes.
    #[test]
    fn wide_trees_agree_with_the_naive_one(
        size in 1_usize..1400,
        a in any::<prop::sample::Index>(),
        b in any::<prop::sample::Index>(),
    ) {
        let all = leaves(size);
        let (range, tiles) = grow(&all);
        let root = naive_root(&all);
        prop_assert_eq!(range.root(), root);
        prop_assert_eq!(&range_at(size as u64, &tiles).unwrap(), &range);
        let (index, older) = (a.index(size), b.index(size) + 1);
        let path = inclusion(index as u64, size as u64, &tiles).unwrap();
        prop_assert_eq!(&path, &naive_path(index, &all));
        prop_assert!(verify_inclusion(&all[index], index as u64, size as u64, &path, &root));
        let path = consistency(older as u64, size as u64, &tiles).unwrap();
        prop_assert_eq!(&path, &naive_subproof(older, &all, true));
        let before = naive_root(&all[..older]);
        prop_assert!(verify_consistency(older as u64, size as u64, &path, &before, &root));
    }

    /// A proof with one bit, one step or one number changed proves nothing.
    #[test]
    fn a_changed_proof_is_refused(
        size in 2_usize..300,
        a in any::<prop::sample::Index>(),
        step in any::<prop::sample::Index>(),
        bit in 0_usize..256,
    ) {
        let all = leaves(size);
        let (_, tiles) = grow(&all);
        let root = naive_root(&all);
        let index = a.index(size);
        let path = inclusion(index as u64, size as u64, &tiles).unwrap();
        let mut bad = path.clone();
        bad[step.index(path.len())].0[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!verify_inclusion(&all[index], index as u64, size as u64, &bad, &root));
        prop_assert!(!verify_inclusion(&all[index], index as u64, size as u64, &path[1..], &root));
        let other = (index + 1) % size;
        prop_assert!(!verify_inclusion(&all[index], other as u64, size as u64, &path, &root));
        let older = a.index(size - 1) + 1;
        let before = naive_root(&all[..older]);
        let path = consistency(older as u64, size as u64, &tiles).unwrap();
        let mut bad = path.clone();
        bad[step.index(path.len())].0[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!verify_consistency(older as u64, size as u64, &bad, &before, &root));
        prop_assert!(!verify_consistency(older as u64, size as u64, &path[1..], &before, &root));
        prop_assert!(!verify_consistency(older as u64, size as u64, &path, &root, &root));
    }
}
