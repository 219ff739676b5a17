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
using ServiceEval.Core.Ratings;
using ServiceEval.Sqlite;
using ServiceEval.Web;
using ServiceEval.Web.Commands;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Http;

namespace ServiceEval.Tests;

/// <summary>
/// The whole host in this process, on a real port and a real database file with the minimal set: the hall
/// <c>example</c> with its windows 1 and 2. Its clock stands still until a test moves it.
/// </summary>
public sealed class TestHost : IAsyncDisposable
{
    public const string Hall = "example";

    /// <summary>A Wednesday, 10:00 in Asia/Shanghai.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 18, 2, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// The migrated database file of the first host with the minimal set. The other hosts start on a copy of it.
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

    /// <param name="settings">The names are those of the configuration, such as <c>("ServiceEval:Boards:BatchSize",
    /// "1")</c>.</param>
    public static async Task<TestHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var directory = Directory.CreateTempSubdirectory("serviceeval-").FullName;
        return await StartInAsync(directory, ownsDirectory: true, settings);
    }

    /// <summary>Starts a host on a data directory. The caller creates the directory.</summary>
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
    /// Stops the host if it runs, and starts it again on the same data and port, as after an upgrade or a change of
    /// settings.
    /// </summary>
    public async Task RestartAsync(params (string Name, string Value)[] settings)
    {
        await StopAsync();
        foreach (var (name, value) in settings)
            _settings[name] = value;
        await UpAsync();
    }

    /// <summary>Returns the public codes of the hall's windows, in the order of their numbers.</summary>
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

    /// <summary>Rates as one citizen, with a new ticket.</summary>
    public async Task<RatingResponse> RateAsync(Grade grade = Grade.Satisfied, string? windowCode = null)
    {
        var ticket = await TicketAsync(windowCode);
        using var response = await PostRatingAsync(new { ticket = ticket.Ticket, grade = Words.Wire(grade) });
        return await ReadAsync<RatingResponse>(response, HttpStatusCode.Created);
    }

    public Task<HttpResponseMessage> PostRatingAsync(object body) =>
        Client.PostAsJsonAsync("/api/v1/ratings", body, Ct);

    /// <summary>Posts a form as a browser does.</summary>
    public async Task<HttpResponseMessage> PostFormAsync(string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(
            fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value))
        );
        return await Client.PostAsync(path, form, Ct);
    }

    /// <summary>Reads JSON. If the status differs, the test fails and shows the body.</summary>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var body = await response.Content.ReadAsStringAsync(Ct);
        Assert.True(response.StatusCode == expected, $"{(int)response.StatusCode} instead of {(int)expected}: {body}");
        return System.Text.Json.JsonSerializer.Deserialize<T>(body, Json.Options)!;
    }

    /// <summary>Asserts that the answer is a problem of the public surface with this status and name.</summary>
    public static async Task AssertProblemAsync(HttpResponseMessage response, int status, string name)
    {
        var body = await response.Content.ReadAsStringAsync(Ct);
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} instead of {status}: {body}");
        Assert.Contains($"\"urn:serviceeval:{name}\"", body, StringComparison.Ordinal);
    }

    /// <summary>Runs a command in its own process, on this host's data and in its directory.</summary>
    public Task<(int ExitCode, string Output, string Errors)> CommandAsync(params string[] arguments) =>
        CommandInAsync(DataDirectory, arguments);

    /// <summary>Runs a command in its own process, in a directory that is its data directory.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> CommandInAsync(
        string directory,
        params string[] arguments
    ) => new ServiceProcess(directory).RunAsync(arguments);

    /// <summary>Runs plain SQL on the database file, as an outsider with a tool does.</summary>
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

    /// <summary>
    /// Returns every mapped route as method, pattern and policies. A route must have exactly one policy.
    /// </summary>
    public IReadOnlyList<string> Routes() =>
        [
            .. _app!
                .Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .SelectMany(
                    e => e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"],
                    (e, method) =>
                        $"{method} /{e.RoutePattern.RawText?.TrimStart('/')} "
                        + string.Join('+', e.Metadata.GetOrderedMetadata<RoutePolicy>().Select(policy => policy.Name))
                )
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Returns a part of the running host, for tests that cannot reach it by a request.</summary>
    public T Part<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    public async Task<long> CountAsync(string table) =>
        (long)(await QueryAsync($"SELECT COUNT(*) FROM {table}"))[0][0]!;

    /// <summary>Stops the host. Nothing answers until <see cref="RestartAsync"/>.</summary>
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
            // If a browser connects again at this moment, the server's stop waits until its time-out.
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
        // The host uses the product's application name, so that it finds the built screen as in service.
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
                // Tests do not print ahead, because a browser that no test needs costs time.
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
            // The set is loaded once, so that a change of a test to the directory survives a restart.
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

    /// <summary>Writes a file with the mode that the product gives its files.</summary>
    private static async Task WritePrivateAsync(string path, byte[] bytes)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new FileStream(path, options);
        await file.WriteAsync(bytes, Ct);
    }

    /// <summary>
    /// Sets the Date header from the host's clock. Screens read the time from this header, and otherwise it would be
    /// the machine's time.
    /// </summary>
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
