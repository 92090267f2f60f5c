//! The chains of `docs/AUTHENTICATION.md` are the chains that are built.

use oolong_auth::Surface;

#[test]
fn the_documented_chains_are_the_built_ones() {
    let text = include_str!("../../docs/AUTHENTICATION.md");
    let rows: Vec<(&str, &str)> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix('|')?.split_once('|'))
        .map(|(surface, chain)| (surface.trim(), chain.trim()))
        .filter(|(surface, _)| *surface != "surface")
        .collect();
    let built: Vec<(String, String)> = [Surface::Api, Surface::Git, Surface::Raw, Surface::Web]
        .into_iter()
        .map(|surface| {
            let chain: Vec<String> = surface.authenticators().iter().map(|one| format!("{one:?}")).collect();
            (format!("{surface:?}"), chain.join(", "))
        })
        .collect();
    let built: Vec<(&str, &str)> =
        built.iter().map(|(surface, chain)| (surface.as_str(), chain.as_str())).collect();
    assert_eq!(rows, built);
}
