using System.CommandLine;
using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ServiceEval.Web;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Tests.Architecture;

/// <summary>
/// Finds what the rooms export, and names the list that lacks it. Without these tests, a part that is in no list would
/// simply not exist in the running program.
/// </summary>
public sealed class RegistryTests
{
    private static readonly Type[] Types =
    [
        .. typeof(Program).Assembly.GetTypes().Where(type => type.Namespace is not null && !type.IsNested),
    ];

    [Fact]
    public void Every_feature_is_in_the_lists_of_services_and_routes()
    {
        var lists = ProgramCalls.OfLists();
        AssertNone(
            from method in Exported("Feature")
            where method.GetParameters() is [{ ParameterType: var first }, ..] && IsOfHost(first)
            where !lists.Has(NameOf(method))
            select $"{(Maps(method) ? "Map" : "Compose")} in Program.cs lacks {NameOf(method)}."
        );
    }

    [Fact]
    public void Every_command_is_in_the_list_of_commands()
    {
        var program = ProgramCalls.OfProgram();
        AssertNone(
            from method in Exported("Commands")
            where typeof(Command).IsAssignableFrom(method.ReturnType) && method.GetParameters().Length == 0
            where !program.Has(NameOf(method))
            select $"Commands in Program.cs lacks {NameOf(method)}."
        );
    }

    [Fact]
    public void Every_job_is_in_the_list_of_jobs()
    {
        var program = ProgramCalls.OfProgram();
        AssertNone(
            from type in Types
            where type != typeof(HostJob)
            from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            where method.ReturnType == typeof(HostJob) && !method.Name.StartsWith('<')
            where !program.Has(NameOf(method))
            select $"Jobs in Program.cs lacks {NameOf(method)}."
        );
    }

    [Fact]
    public async Task Every_check_is_in_the_list_of_checks()
    {
        await using var host = await TestHost.StartAsync();
        AssertNone(
            Missing(typeof(Check), host.Part<IEnumerable<Check>>())
                .Select(type => $"AddChecks in Program.cs lacks {type.Name}.")
        );
    }

    [Fact]
    public async Task Every_background_service_is_registered_by_its_feature()
    {
        await using var host = await TestHost.StartAsync();
        AssertNone(
            Missing(typeof(IHostedService), host.Part<IEnumerable<IHostedService>>())
                .Select(type => $"No list has AddHostedService for {type.FullName}, so it would never start.")
        );
    }

    [Fact]
    public async Task All_options_are_bound_to_their_section_and_validated_at_the_start()
    {
        await using var host = await TestHost.StartAsync();
        AssertNone(
            from type in Types
            where type.GetField("Section", BindingFlags.Public | BindingFlags.Static) is { IsLiteral: true }
            from lack in Lacks(host, type)
            select $"The feature of {type.FullName} lacks {lack} after AddOptions."
        );
    }

    [Fact]
    public async Task Every_validator_of_options_is_registered()
    {
        await using var host = await TestHost.StartAsync();
        AssertNone(
            from type in Types
            from contract in type.GetInterfaces()
            where contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IValidateOptions<>)
            where !All(host, contract).Any(validator => validator.GetType() == type)
            select $"No list registers the validator {type.FullName}."
        );
    }

    [Fact]
    public void Every_meter_is_one_that_metrics_are_collected_from() =>
        AssertNone(
            from type in Types
            from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            where field is { Name: "Meter", IsLiteral: true }
            let name = (string)field.GetRawConstantValue()!
            where !name.StartsWith("ServiceEval.", StringComparison.Ordinal)
            select $"The meter {name} of {type.Name} is not collected. The name must begin with ServiceEval."
        );

    [Fact]
    public async Task Every_JSON_context_is_used_for_requests_and_answers()
    {
        await using var host = await TestHost.StartAsync();
        var used = host.Part<IOptions<JsonOptions>>()
            .Value.SerializerOptions.TypeInfoResolverChain.Select(resolver => resolver.GetType())
            .ToHashSet();
        AssertNone(
            Types
                .Where(type => type.IsSubclassOf(typeof(JsonSerializerContext)) && !used.Contains(type))
                .Select(type => $"No list adds {type.Name} by ConfigureHttpJsonOptions.")
        );
    }

    private static IEnumerable<string> Lacks(TestHost host, Type options)
    {
        if (!All(host, typeof(IOptionsChangeTokenSource<>).MakeGenericType(options)).Any())
            yield return "BindConfiguration";
        if (!All(host, typeof(IValidateOptions<>).MakeGenericType(options)).Any())
            yield return "ValidateDataAnnotations or a validator";
    }

    private static IEnumerable<object> All(TestHost host, Type service) =>
        host.Part<IServiceProvider>().GetServices(service).OfType<object>();

    private static IEnumerable<Type> Missing(Type contract, IEnumerable<object> registered) =>
        Types
            .Where(type => contract.IsAssignableFrom(type) && type is { IsAbstract: false, IsInterface: false })
            .Except(registered.Select(part => part.GetType()));

    private static IEnumerable<MethodInfo> Exported(string kind) =>
        Types
            .Where(type =>
                type is { IsAbstract: true, IsSealed: true } && type.Name.EndsWith(kind, StringComparison.Ordinal)
            )
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly));

    private static bool IsOfHost(Type type) =>
        type == typeof(IServiceCollection) || type == typeof(IEndpointRouteBuilder);

    private static bool Maps(MethodInfo method) =>
        method.GetParameters()[0].ParameterType != typeof(IServiceCollection);

    private static string NameOf(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    private static void AssertNone(IEnumerable<string> lacks) => Assert.True(!lacks.Any(), string.Join('\n', lacks));
}
