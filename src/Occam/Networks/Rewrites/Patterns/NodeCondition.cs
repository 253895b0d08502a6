namespace Occam.Networks.Rewrites.Patterns;

/// <summary>What a node must meet besides its operator and inputs.</summary>
/// <returns>The match, with what the node's attributes add to it; null where it isn't met.</returns>
internal delegate Match? NodeCondition(GraphDraft draft, Node node, Match match);
