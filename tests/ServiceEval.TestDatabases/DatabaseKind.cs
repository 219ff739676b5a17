namespace ServiceEval.TestDatabases;

public enum DatabaseKind
{
    Sqlite,
    PostgreSql,
    SqlServer,
}
