using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ServiceEval.Tests.Architecture;

/// <summary>A place in the code of one room that uses a type of another room.</summary>
/// <param name="Where">The file and line; the type's name if the compiler noted no line.</param>
internal sealed record Use(string From, string To, string Type, string Where);

/// <summary>Reads from the compiled projects which room uses which.</summary>
internal static class Uses
{
    private static readonly Lazy<IReadOnlyList<Use>> Read = new(() =>
        [.. Directory.GetFiles(AppContext.BaseDirectory, "ServiceEval.*.dll").Where(IsOfProduct).SelectMany(Of)]
    );

    public static IReadOnlyList<Use> All => Read.Value;

    private static bool IsOfProduct(string path) =>
        Path.GetFileNameWithoutExtension(path)["ServiceEval.".Length..] is not ("Tests" or "TestDatabases");

    private static IEnumerable<Use> Of(string path)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(path, new ReaderParameters { ReadSymbols = true });
        // The list is made before the assembly is closed.
        return [.. assembly.MainModule.GetTypes().SelectMany(Of).DistinctBy(use => (use.From, use.Type, use.Where))];
    }

    private static IEnumerable<Use> Of(TypeDefinition type)
    {
        if (Room.Of(Outermost(type).Namespace) is not { } from)
            yield break;
        foreach (var (used, where) in Signature(type).Select(t => (t, File(type))).Concat(type.Methods.SelectMany(Of)))
        {
            var outer = Outermost(used);
            if (Room.Of(outer.Namespace) is { } to && to != from)
                yield return new(from, to, outer.Name, where);
        }
    }

    private static IEnumerable<TypeReference> Signature(TypeDefinition type) =>
        Parts([
            type.BaseType,
            .. type.Interfaces.Select(i => i.InterfaceType),
            .. type.GenericParameters.SelectMany(p => p.Constraints).Select(c => c.ConstraintType),
            .. type.Fields.Select(f => f.FieldType),
            .. Attributes(type),
            .. type.Fields.SelectMany(Attributes),
            .. type.Properties.SelectMany(Attributes),
        ]);

    private static IEnumerable<(TypeReference Type, string Where)> Of(MethodDefinition method)
    {
        var where = File(method.DeclaringType, method);
        foreach (var type in Parts([.. Signature(method), .. Attributes(method)]))
            yield return (type, where);
        if (!method.HasBody)
            yield break;
        foreach (var type in Parts(method.Body.Variables.Select(v => v.VariableType)))
            yield return (type, where);
        foreach (var type in Parts(method.Body.ExceptionHandlers.Select(h => h.CatchType)))
            yield return (type, where);
        foreach (var instruction in method.Body.Instructions)
        {
            if (method.DebugInformation.GetSequencePoint(instruction) is { IsHidden: false } point)
                where = Place(point);
            foreach (var type in Parts(Operand(instruction.Operand)))
                yield return (type, where);
        }
    }

    private static IEnumerable<TypeReference?> Operand(object? operand) =>
        operand switch
        {
            TypeReference type => [type],
            FieldReference field => [field.DeclaringType, field.FieldType],
            GenericInstanceMethod method => [.. Signature(method), .. method.GenericArguments],
            MethodReference method => Signature(method),
            _ => [],
        };

    private static IEnumerable<TypeReference> Signature(MethodReference method) =>
        [method.DeclaringType, method.ReturnType, .. method.Parameters.Select(p => p.ParameterType)];

    private static IEnumerable<TypeReference> Attributes(ICustomAttributeProvider of) =>
        of.CustomAttributes.SelectMany(a =>
            a.ConstructorArguments.Select(argument => argument.Value).OfType<TypeReference>().Append(a.AttributeType)
        );

    /// <summary>Returns the types and the types that they consist of, such as the elements of a list.</summary>
    private static IEnumerable<TypeReference> Parts(IEnumerable<TypeReference?> types) =>
        types.SelectMany(type =>
            type switch
            {
                null or GenericParameter => [],
                GenericInstanceType generic => Parts([generic.ElementType, .. generic.GenericArguments]),
                TypeSpecification of => Parts([of.ElementType]),
                _ => (IEnumerable<TypeReference>)[type],
            }
        );

    private static TypeReference Outermost(TypeReference type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return type;
    }

    /// <summary>
    /// Returns the first line of a method. A type has no line, so the first line of its methods or of the type around
    /// it is used.
    /// </summary>
    private static string File(TypeDefinition type, MethodDefinition? first = null) =>
        (first is null ? type.Methods : type.Methods.Prepend(first))
            .SelectMany(m => m.DebugInformation.SequencePoints)
            .FirstOrDefault(point => !point.IsHidden)
            is { } point
            ? Place(point)
        : type.DeclaringType is { } outer ? File(outer)
        : type.FullName;

    private static string Place(SequencePoint point)
    {
        var path = point.Document.Url.Replace('\\', '/');
        var at = path.LastIndexOf("/src/", StringComparison.Ordinal);
        return $"{(at < 0 ? path : path[(at + 1)..])}:{point.StartLine}";
    }
}
