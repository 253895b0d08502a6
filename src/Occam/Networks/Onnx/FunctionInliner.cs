using Google.Protobuf.Collections;
using Occam.Data;

namespace Occam.Networks.Onnx;

/// <summary>
/// The functions that a model brings along, put in place of the nodes that call them: with names of their own, the caller's
/// attributes for those that the function refers to, and functions that they call in turn.
/// </summary>
internal sealed class FunctionInliner
{
    // Operators that the graph's operator set gives a meaning, and the version that changed it.
    private static readonly (string Type, int Version)[] s_changes =
        [("Softmax", 13), ("LogSoftmax", 13), ("Hardmax", 13), ("GroupNormalization", 21)];

    // More than any model has, and few enough to be told in a moment.
    private const int MostNodes = 1 << 17;

    private readonly Dictionary<(string, string, string), FunctionProto> _functions = [];
    private readonly HashSet<string> _taken = [];
    private readonly long _opset;
    private int _nodes;

    private FunctionInliner(ModelProto model, long opset)
    {
        _opset = opset;
        foreach (var function in model.Functions)
        {
            if (!_functions.TryAdd((Domain(function.Domain), function.Name, function.Overload), function))
            {
                throw new OccamException($"the model has the function {Name(function)} twice");
            }
        }

        Take(model.Graph);
    }

    /// <summary>Inlines the functions of a model into its graph.</summary>
    /// <param name="model">The model, which is changed.</param>
    /// <param name="opset">The version of ONNX's operator set that the graph is written in.</param>
    /// <exception cref="OccamException">A function calls itself, or is written in a version that means something else.</exception>
    public static void Inline(ModelProto model, long opset)
    {
        if (model.Functions.Count > 0)
        {
            var inliner = new FunctionInliner(model, opset);
            inliner.Inline(model.Graph.Node, []);
            model.Functions.Clear();
        }
    }

    private void Inline(RepeatedField<NodeProto> nodes, FunctionProto[] callers)
    {
        NodeProto[] given = [.. nodes];
        nodes.Clear();
        foreach (var node in given)
        {
            nodes.AddRange(Expanded(node, callers));
        }
    }

    private IEnumerable<NodeProto> Expanded(NodeProto node, FunctionProto[] callers)
    {
        if (++_nodes > MostNodes)
        {
            throw new OccamException($"the model's functions, put in place of their calls, have more than {MostNodes:N0} nodes");
        }

        if (!_functions.TryGetValue((Domain(node.Domain), node.OpType, node.Overload), out var function))
        {
            foreach (var graph in Graphs(node))
            {
                Inline(graph.Node, callers);
            }

            return [node];
        }

        if (callers.Contains(function))
        {
            throw new OccamException($"the model's function {Name(function)} calls itself, by {string.Join(", ", callers.Select(Name))}: "
                + "Occam runs functions that end");
        }

        CheckVersion(function);
        var body = Body(function, node);
        FunctionProto[] inside = [.. callers, function];
        return body.SelectMany(part => Expanded(part, inside)).ToArray();
    }

    private void CheckVersion(FunctionProto function)
    {
        var version = function.OpsetImport.FirstOrDefault(import => Domain(import.Domain).Length == 0)?.Version ?? _opset;
        if (version == _opset)
        {
            return;
        }

        var changed = version < OlderForms.Version || _opset < OlderForms.Version
            ? "operators"
            : s_changes.FirstOrDefault(change => version < change.Version != _opset < change.Version
                && function.Node.Any(node => Domain(node.Domain).Length == 0 && node.OpType == change.Type)).Type;
        if (changed is not null || version > OnnxReader.NewestOpset)
        {
            throw new OccamException($"the model's function {Name(function)} is written in version {version} of ONNX's operator set and "
                + $"the model in {_opset}, in which {changed ?? "operators"} mean something else: convert the model to one version");
        }
    }

    // The function's nodes with the caller's names and attributes.
    private IEnumerable<NodeProto> Body(FunctionProto function, NodeProto call)
    {
        var owner = call.Name.Length > 0 ? call.Name : call.OpType;
        Dictionary<string, string> names = new() { [""] = "" };
        List<NodeProto> body = [];
        for (var i = 0; i < function.Input.Count; i++)
        {
            names[function.Input[i]] = i < call.Input.Count ? call.Input[i] : "";
        }

        for (var i = 0; i < function.Output.Count; i++)
        {
            var given = i < call.Output.Count && call.Output[i].Length > 0 ? call.Output[i] : Fresh($"{owner}/{function.Output[i]}");
            if (names.TryGetValue(function.Output[i], out var input))
            {
                // What is handed through: an input, or an output named twice.
                body.Add(new NodeProto { OpType = "Identity", Name = Fresh($"{owner}/Identity"), Input = { input }, Output = { given } });
            }
            else
            {
                names[function.Output[i]] = given;
            }
        }

        foreach (var name in function.Node.SelectMany(node => node.Output).Where(name => !names.ContainsKey(name)))
        {
            names[name] = Fresh($"{owner}/{name}");
        }

        for (var i = 0; i < function.Node.Count; i++)
        {
            var node = function.Node[i].Clone();
            node.Name = Fresh($"{owner}/{(node.Name.Length > 0 ? node.Name : $"{node.OpType}_{i}")}");
            Rename(node, names);
            Fill(node, function, call);
            body.Add(node);
        }

        return body;
    }

    private static void Rename(NodeProto node, IReadOnlyDictionary<string, string> names)
    {
        for (var i = 0; i < node.Input.Count; i++)
        {
            node.Input[i] = names.GetValueOrDefault(node.Input[i], node.Input[i]);
        }

        for (var i = 0; i < node.Output.Count; i++)
        {
            node.Output[i] = names.GetValueOrDefault(node.Output[i], node.Output[i]);
        }

        foreach (var graph in Graphs(node))
        {
            // What a graph inside defines itself is its own.
            var inner = names.Where(pair => !graph.Input.Any(input => input.Name == pair.Key)
                    && !graph.Initializer.Any(stored => stored.Name == pair.Key)
                    && !graph.Node.Any(part => part.Output.Contains(pair.Key)))
                .ToDictionary();
            foreach (var part in graph.Node)
            {
                Rename(part, inner);
            }

            foreach (var output in graph.Output)
            {
                output.Name = inner.GetValueOrDefault(output.Name, output.Name);
            }
        }
    }

    // Attributes that refer to the function's get the caller's value or the default; without either they are left out.
    private static void Fill(NodeProto node, FunctionProto function, NodeProto call)
    {
        for (var i = node.Attribute.Count - 1; i >= 0; i--)
        {
            var attribute = node.Attribute[i];
            if (attribute.RefAttrName is { Length: > 0 } wanted)
            {
                node.Attribute.RemoveAt(i);
                var value = call.Attribute.FirstOrDefault(given => given.Name == wanted)
                    ?? function.AttributeProto.FirstOrDefault(given => given.Name == wanted);
                if (value is not null)
                {
                    var filled = value.Clone();
                    filled.Name = attribute.Name;
                    node.Attribute.Insert(i, filled);
                }
            }
        }

        foreach (var part in Graphs(node).SelectMany(graph => graph.Node))
        {
            Fill(part, function, call);
        }
    }

    private string Fresh(string stem)
    {
        var name = stem;
        for (var i = 2; !_taken.Add(name); i++)
        {
            name = $"{stem}_{i}";
        }

        return name;
    }

    private void Take(GraphProto graph)
    {
        _taken.UnionWith(graph.Input.Select(input => input.Name));
        _taken.UnionWith(graph.Initializer.Select(stored => stored.Name));
        foreach (var node in graph.Node)
        {
            _taken.Add(node.Name);
            _taken.UnionWith(node.Output);
            foreach (var inner in Graphs(node))
            {
                Take(inner);
            }
        }
    }

    private static IEnumerable<GraphProto> Graphs(NodeProto node) =>
        node.Attribute.Where(attribute => attribute.G is not null).Select(attribute => attribute.G);

    private static string Domain(string domain) => domain == "ai.onnx" ? "" : domain;

    private static string Name(FunctionProto function) =>
        $"'{Message.Clean(function.Domain.Length > 0 ? $"{function.Domain}.{function.Name}" : function.Name)}'";
}
