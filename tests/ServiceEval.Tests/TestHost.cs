using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ServiceEval.Data.Ratings;
using ServiceEval.Data.Sqlite;
using ServiceEval.Web;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Tests;

/// <summary>
/// The whole host in this process, on a real port and a real database file with the minimal set: the hall
/// <c>example</c> and its windows 1 and 2. Its clock stands still until a test moves it.
/// </summary>
public sealed class TestHost : IAsyncDisposable
{
    public const string Hall = "example";

    /// <summary>A Wednesday, 10:00 in Asia/Shanghai.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 18, 2, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// A migrated database file with the minimal set, of the first host; the others start on a copy of it.
    /// </summary>
    private static byte[]? _minimalSet;

    private readonly Dictionary<string, string?> _settings;
    private readonly bool _ownsDirectory;
    private WebApplication? _app;
    private bool _isSeeded;
    private Uri? _address;

    private TestHost(
        string dataDirectory,
        bool ownsDirectory,
        FakeTimeProvider clock,
        Dictionary<string, string?> settings
    )
    {
        (DataDirectory, _ownsDirectory, Clock, _settings) = (dataDirectory, ownsDirectory, clock, settings);
    }

    public string DataDirectory { get; }
    public FakeTimeProvider Clock { get; }
    public HttpClient Client { get; private set; } = null!;
    public Uri Address => Client.BaseAddress!;
    public string DatabasePath => Path.Combine(DataDirectory, "serviceeval.db");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="settings">As in the environment, such as <c>("ServiceEval:Boards:BatchSize", "1")</c>.</param>
    public static async Task<TestHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var directory = Directory.CreateTempSubdirectory("serviceeval-").FullName;
        return await StartInAsync(directory, ownsDirectory: true, settings);
    }

    /// <summary>On a data directory that somebody else made and removes.</summary>
    public static async Task<TestHost> StartInAsync(
        string directory,
        bool ownsDirectory,
        params (string Name, string Value)[] settings
    )
    {
        var host = new TestHost(
            directory,
            ownsDirectory,
            new FakeTimeProvider(Start),
            settings.ToDictionary(s => s.Name, s => (string?)s.Value)
        );
        await host.UpAsync();
        return host;
    }

    /// <summary>
    /// Stops, if it is up, and starts again on the same data and port, as after an upgrade or a change of settings.
    /// </summary>
    public async Task RestartAsync(params (string Name, string Value)[] settings)
    {
        await StopAsync();
        foreach (var (name, value) in settings)
            _settings[name] = value;
        await UpAsync();
    }

    /// <summary>The public codes of the hall's windows, in the order of their numbers.</summary>
    public async Task<IReadOnlyList<string>> WindowCodesAsync(string hall = Hall)
    {
        var rows = await QueryAsync(
            "SELECT w.Code FROM Windows w JOIN Halls h ON h.Id = w.HallId WHERE h.Code = $1 ORDER BY CAST(w.Number AS INTEGER)",
            hall
        );
        return [.. rows.Select(r => (string)r[0]!)];
    }

    public async Task<TicketResponse> TicketAsync(string? windowCode = null)
    {
        windowCode ??= (await WindowCodesAsync())[0];
        using var response = await Client.PostAsJsonAsync("/api/v1/tickets", new { windowCode }, Ct);
        return await ReadAsync<TicketResponse>(response, HttpStatusCode.Created);
    }

    /// <summary>One citizen: a fresh ticket and a rating with it.</summary>
    public async Task<RatingResponse> RateAsync(Grade grade = Grade.Satisfied, string? windowCode = null)
    {
        var ticket = await TicketAsync(windowCode);
        using var response = await PostRatingAsync(new { ticket = ticket.Ticket, grade = Words.Wire(grade) });
        return await ReadAsync<RatingResponse>(response, HttpStatusCode.Created);
    }

    public Task<HttpResponseMessage> PostRatingAsync(object body) =>
        Client.PostAsJsonAsync("/api/v1/ratings", body, Ct);

    /// <summary>As a browser posts a form.</summary>
    public async Task<HttpResponseMessage> PostFormAsync(string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(
            fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value))
        );
        return await Client.PostAsync(path, form, Ct);
    }

    /// <summary>Reads JSON and shows the body if the status is another.</summary>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var body = await response.Content.ReadAsStringAsync(Ct);
        Assert.True(response.StatusCode == expected, $"{(int)response.StatusCode} instead of {(int)expected}: {body}");
        return System.Text.Json.JsonSerializer.Deserialize<T>(body, Json.Options)!;
    }

    /// <summary>Asserts a problem of the public surface by its status and name.</summary>
    public static async Task AssertProblemAsync(HttpResponseMessage response, int status, string name)
    {
        var body = await response.Content.ReadAsStringAsync(Ct);
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} instead of {status}: {body}");
        Assert.Contains($"\"urn:serviceeval:{name}\"", body, StringComparison.Ordinal);
    }

    /// <summary>A verb in a process of its own, on this host's data and in its directory.</summary>
    public Task<(int ExitCode, string Output, string Errors)> VerbAsync(params string[] arguments) =>
        VerbInAsync(DataDirectory, arguments);

    /// <summary>A verb in a process of its own, in a directory that is its data directory.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> VerbInAsync(
        string directory,
        params string[] arguments
    ) => new ServiceProcess(directory).RunAsync(arguments);

    /// <summary>Plain SQL against the database file, as an outsider with a tool would.</summary>
    public async Task<IReadOnlyList<object?[]>> QueryAsync(string sql, params object[] parameters)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        await connection.OpenAsync(Ct);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", parameters[i]);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var rows = new List<object?[]>();
        while (await reader.ReadAsync(Ct))
        {
            var row = new object?[reader.FieldCount];
            reader.GetValues(row!);
            rows.Add(row);
        }
        return rows;
    }

    /// <summary>Every route that is mapped, as method and pattern.</summary>
    public IReadOnlyList<string> Routes() =>
        [
            .. _app!
                .Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .SelectMany(
                    e => e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"],
                    (e, method) => $"{method} /{e.RoutePattern.RawText?.TrimStart('/')}"
                )
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>A part of the running host, where no request leads to what is tested.</summary>
    public T Part<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    public async Task<long> CountAsync(string table) =>
        (long)(await QueryAsync($"SELECT COUNT(*) FROM {table}"))[0][0]!;

    /// <summary>Nothing answers any more until <see cref="RestartAsync"/>.</summary>
    public async Task StopAsync()
    {
        Client.Dispose();
        if (_app is null)
            return;
        try
        {
            await _app.StopAsync(CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // A browser that connects again just then holds the server's stop until its patience ends.
        }
        await _app.DisposeAsync();
        _app = null;
        SqliteConnection.ClearAllPools();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_ownsDirectory)
            Directory.Delete(DataDirectory, recursive: true);
    }

    private async Task UpAsync()
    {
        // Under the host's own name, so that the built screen is found as it is in service.
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                ApplicationName = typeof(Program).Assembly.GetName().Name,
                ContentRootPath = AppContext.BaseDirectory,
            }
        );
        builder.WebHost.UseStaticWebAssets();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(_address?.ToString() ?? "http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["ServiceEval:DataDirectory"] = DataDirectory,
                // No test pays for browsers that nobody asked for.
                ["ServiceEval:Reports:PrintAhead"] = "false",
            }
        );
        builder.Configuration.AddInMemoryCollection(_settings);
        var isOnFile = !_settings.ContainsKey("ServiceEval:Database");
        var isEmpty = !File.Exists(DatabasePath);
        if (isOnFile && isEmpty && _minimalSet is not null)
        {
            await WritePrivateAsync(DatabasePath, _minimalSet);
            _isSeeded = true;
        }
        Program.Compose(builder);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.Services.AddSingleton<IStartupFilter>(new DateHeader(Clock));
        var app = Program.Map(builder.Build());

        try
        {
            await CommandLine.PrepareAsync(app.Services, Ct);
            // Once: what a test changes in the directory afterwards is still so after a restart.
            if (!_isSeeded)
            {
                await app.Services.GetRequiredService<Seeding>().SeedAsync("minimal", Ct);
                if (isOnFile && isEmpty)
                    _minimalSet ??= await CopyAsync();
            }
            _isSeeded = true;
            await app.Services.GetRequiredService<HallDirectory>().RefreshAsync(Ct);
            await app.StartAsync(Ct);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
        _app = app;
        _address = new Uri(app.Urls.First());
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, MaxConnectionsPerServer = 256 })
        {
            BaseAddress = _address,
        };
    }

    private async Task<byte[]> CopyAsync()
    {
        var copy = $"{DatabasePath}.copy";
        SqliteCopy.Write($"Data Source={DatabasePath}", copy, null, Ct);
        var bytes = await File.ReadAllBytesAsync(copy, Ct);
        File.Delete(copy);
        return bytes;
    }

    /// <summary>With the mode that the product gives its files.</summary>
    private static async Task WritePrivateAsync(string path, byte[] bytes)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new FileStream(path, options);
        await file.WriteAsync(bytes, Ct);
    }

    /// <summary>Screens tell the time by the server's Date header, which would else be the machine's.</summary>
    private sealed class DateHeader(TimeProvider clock) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            app =>
            {
                app.Use(
                    (http, following) =>
                    {
                        http.Response.Headers.Date = clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
                        return following(http);
                    }
                );
                next(app);
            };
    }
}
