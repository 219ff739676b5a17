using Mono.Cecil;
using ServiceEval.Web;

namespace ServiceEval.Tests.Architecture;

/// <summary>Reads from the compiled program which methods its lists and its code call.</summary>
internal sealed class ProgramCalls
{
    private readonly HashSet<string> _called;

    private ProgramCalls(HashSet<string> called) => _called = called;

    /// <summary>The methods that Program.cs calls.</summary>
    public static ProgramCalls OfProgram() => Read(type => type.FullName == typeof(Program).FullName);

    /// <summary>The methods that the lists of a room call, or that Program.cs calls.</summary>
    public static ProgramCalls OfLists() =>
        Read(type =>
            type.FullName == typeof(Program).FullName || type.Name.EndsWith("Feature", StringComparison.Ordinal)
        );

    /// <param name="method">A name such as <c>RatingsFeature.AddRatings</c>.</param>
    public bool Has(string method) => _called.Contains(method);

    private static ProgramCalls Read(Func<TypeDefinition, bool> isCaller)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(typeof(Program).Assembly.Location);
        return new([
            .. assembly
                .MainModule.GetTypes()
                .Where(type => isCaller(Outermost(type)))
                .SelectMany(type => type.Methods.Where(m => m.HasBody))
                .SelectMany(method => method.Body.Instructions)
                .Select(instruction => instruction.Operand)
                .OfType<MethodReference>()
                .Select(method => $"{method.DeclaringType.Name}.{method.Name}"),
        ]);
    }

    private static TypeDefinition Outermost(TypeDefinition type) =>
        type.DeclaringType is { } outer ? Outermost(outer) : type;
}
