using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.Internal;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ServiceEval.Core.Storage;
using ServiceEval.Sqlite;
using ServiceEval.Web;
using ServiceEval.Web.Commands;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Hosting;

namespace ServiceEval.SqlServer.Tests;

/// <summary>
/// The whole host in this process on a database file with the minimal set. Its contexts are mirrored.
/// </summary>
internal sealed class MirroredHost : IAsyncDisposable
{
    /// <summary>A Wednesday, 10:00 in Asia/Shanghai.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 11, 2, 0, 0, TimeSpan.Zero);

    private readonly string _directory = Directory.CreateTempSubdirectory("serviceeval-").FullName;
    private readonly WebApplication _app;

    private MirroredHost()
    {
        ConnectionString = $"Data Source={Path.Combine(_directory, "serviceeval.db")};Pooling=False";
        Gate = new MirroredGate(this);
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                ApplicationName = typeof(Program).Assembly.GetName().Name,
                ContentRootPath = AppContext.BaseDirectory,
            }
        );
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["ServiceEval:DataDirectory"] = _directory,
                ["ConnectionStrings:ServiceEval"] = ConnectionString,
                ["ServiceEval:Boards:BatchSize"] = "1",
                // No mail server listens there, and none is needed. The tests look at the rows.
                ["ServiceEval:Mail:Host"] = "127.0.0.1",
                ["ServiceEval:Mail:Port"] = "1",
                ["ServiceEval:Mail:From"] = "hcp@example.gov.cn",
                ["ServiceEval:Mail:Recipients:0:Address"] = "zhang@example.gov.cn",
                ["ServiceEval:Mail:Recipients:0:Scope"] = "county",
            }
        );
        Program.Compose(builder);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSingleton<IWriteGate>(Gate);
        builder.Services.AddSingleton<IReadSnapshot>(new MirroredSnapshots(this));
        builder.Services.AddSingleton<IDbContextFactory<ServiceEvalDb>>(new MirroredFactory(this));
        _app = Program.Map(builder.Build());
    }

    public Mirror Mirror { get; } = new();
    public FakeTimeProvider Clock { get; } = new(Start);
    public MirroredGate Gate { get; }
    public string ConnectionString { get; }
    public HttpClient Client { get; private set; } = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<MirroredHost> StartAsync()
    {
        var host = new MirroredHost();
        await CommandLine.PrepareAsync(host._app.Services, Ct);
        await host.Part<Seeding>().SeedAsync("minimal", Ct);
        await host.Part<HallDirectory>().RefreshAsync(Ct);
        await host._app.StartAsync(Ct);
        host.Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(host._app.Urls.First()),
        };
        return host;
    }

    public IServiceProvider Services => _app.Services;

    public T Part<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Runs plain SQL that does not pass through the product.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The SQL comes from the tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private ServiceEvalDb NewContext()
    {
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlite(ConnectionString).AddInterceptors(Mirror);
#pragma warning disable EF1001 // EF Core has no public service that sees a query before it is compiled.
        options.ReplaceService<IQueryCompiler, MirroringQueryCompiler>();
#pragma warning restore EF1001
        return new ServiceEvalDb(options.Options);
    }

    /// <summary>
    /// As on a server, every write has its own context. The writes run one at a time because the database is a file.
    /// </summary>
    internal sealed class MirroredGate(MirroredHost host) : IWriteGate, IDisposable
    {
        private readonly SemaphoreSlim _turn = new(1);

        /// <summary>Runs once, before the next write.</summary>
        public Func<Task>? Before { get; set; }

        public async Task<T> WriteAsync<T>(Func<ServiceEvalDb, CancellationToken, Task<T>> write, CancellationToken ct)
        {
            if (Before is { } before)
            {
                Before = null;
                await before();
            }
            await _turn.WaitAsync(ct);
            try
            {
                await using var db = host.NewContext();
                return await write(db, ct);
            }
            finally
            {
                _turn.Release();
            }
        }

        public void Dispose() => _turn.Dispose();
    }

    private sealed class MirroredSnapshots(MirroredHost host) : IReadSnapshot
    {
        public async Task<T> ReadAsync<T>(Func<ServiceEvalDb, CancellationToken, Task<T>> read, CancellationToken ct)
        {
            await using var db = host.NewContext();
            return await read(db, ct);
        }
    }

    private sealed class MirroredFactory(MirroredHost host) : IDbContextFactory<ServiceEvalDb>
    {
        public ServiceEvalDb CreateDbContext() => host.NewContext();
    }
}
