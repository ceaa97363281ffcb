//! The states and the ways between them, as a Mermaid flowchart.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::Edge;
use crate::describe::label;
use crate::support::action::Action;

/// Draws the states, whether or not an inquiry is out, and labels each edge with the sources of the
/// inputs that lead along it.
pub(crate) fn diagram(edges: &[Edge], names: &[&str]) -> String {
    let mut nodes: Vec<&str> = names.iter().map(|name| short(name)).collect();
    nodes.dedup();
    let group = |node: &&str| node.split('/').next().unwrap_or_default().to_owned();
    let mut ways: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
    for edge in edges.iter().filter(|edge| edge.action != Action::Unmount) {
        let (from, to) = (short(&edge.from.name), short(&edge.to.name));
        if let Some(label) = label(edge.action, from)
            && from != to
        {
            let sources = label.split(':').next().unwrap_or_default().replace('`', "");
            ways.entry((from, to)).or_default().insert(sources);
        }
    }

    let mut out = String::from("```mermaid\nflowchart TD\n");
    for members in nodes.chunk_by(|one, other| group(one) == group(other)) {
        if let [only] = members {
            writeln!(out, "  {}([{only}])", id(only)).unwrap();
            continue;
        }
        writeln!(out, "  subgraph {}", group(&members[0])).unwrap();
        for member in members {
            let step = member.split('/').next_back().unwrap_or_default();
            writeln!(out, "    {}[{step}]", id(member)).unwrap();
        }
        out.push_str("  end\n");
    }
    for ((from, to), sources) in ways {
        let sources = sources.into_iter().collect::<Vec<_>>().join(", ");
        writeln!(out, "  {} -->|\"{sources}\"| {}", id(from), id(to)).unwrap();
    }
    out.push_str("```\n");
    out
}

/// A state's name without the step of its inquiries.
fn short(name: &str) -> &str {
    name.split(" (").next().unwrap_or_default()
}

fn id(node: &str) -> String {
    node.replace(['/', ' '], "_")
}
