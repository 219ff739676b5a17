using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ServiceEval.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class WeeklyReports : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Which window an item was named at is in none of the old rows: they are counted anew from the ratings.
            migrationBuilder.DropTable(
                name: "TalliesByItem");

            migrationBuilder.CreateTable(
                name: "TalliesByItem",
                columns: table => new
                {
                    LocalDate = table.Column<int>(type: "INTEGER", nullable: false),
                    WindowId = table.Column<int>(type: "INTEGER", nullable: false),
                    ItemId = table.Column<int>(type: "INTEGER", nullable: false),
                    DepartmentId = table.Column<int>(type: "INTEGER", nullable: false),
                    Tier = table.Column<byte>(type: "INTEGER", nullable: false),
                    Standing = table.Column<byte>(type: "INTEGER", nullable: false),
                    VerySatisfied = table.Column<int>(type: "INTEGER", nullable: false),
                    Satisfied = table.Column<int>(type: "INTEGER", nullable: false),
                    BasicallySatisfied = table.Column<int>(type: "INTEGER", nullable: false),
                    Dissatisfied = table.Column<int>(type: "INTEGER", nullable: false),
                    VeryDissatisfied = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TalliesByItem", x => new { x.LocalDate, x.WindowId, x.ItemId, x.DepartmentId, x.Tier, x.Standing });
                });

            migrationBuilder.Sql("""
                INSERT INTO TalliesByItem (LocalDate, WindowId, ItemId, DepartmentId, Tier, Standing, VerySatisfied, Satisfied, BasicallySatisfied, Dissatisfied, VeryDissatisfied)
                SELECT r.LocalDate, r.WindowId, d.ItemId, d.DepartmentId, r.Tier, r.Standing,
                    SUM(d.Grade = 1), SUM(d.Grade = 2), SUM(d.Grade = 3), SUM(d.Grade = 4), SUM(d.Grade = 5)
                FROM RatingDetails d JOIN Ratings r ON r.Id = d.RatingId LEFT JOIN Corrections c ON c.RatingId = d.RatingId
                WHERE d.ItemId <> 0 AND d.Grade = COALESCE(c.Grade, r.Grade)
                GROUP BY r.LocalDate, r.WindowId, d.ItemId, d.DepartmentId, r.Tier, r.Standing
                """);

            migrationBuilder.CreateTable(
                name: "DeviceMarks",
                columns: table => new
                {
                    LocalDate = table.Column<int>(type: "INTEGER", nullable: false),
                    WindowId = table.Column<int>(type: "INTEGER", nullable: false),
                    Device = table.Column<long>(type: "INTEGER", nullable: false),
                    RatingId = table.Column<byte[]>(type: "BLOB", fixedLength: true, maxLength: 16, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeviceMarks", x => new { x.LocalDate, x.WindowId, x.Device, x.RatingId });
                });

            migrationBuilder.CreateTable(
                name: "ReportMails",
                columns: table => new
                {
                    Scope = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Week = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    Recipient = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    State = table.Column<byte>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    MayBeDouble = table.Column<bool>(type: "INTEGER", nullable: false),
                    Refusal = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReportMails", x => new { x.Scope, x.Week, x.Version, x.Recipient });
                });

            migrationBuilder.CreateIndex(
                name: "IX_RatingDetails_GivenAt",
                table: "RatingDetails",
                column: "GivenAt",
                filter: "Comment IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_ReportMails_State_At",
                table: "ReportMails",
                columns: new[] { "State", "At" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "DeviceMarks");

            migrationBuilder.DropTable(
                name: "ReportMails");

            migrationBuilder.DropIndex(
                name: "IX_RatingDetails_GivenAt",
                table: "RatingDetails");

            migrationBuilder.DropTable(
                name: "TalliesByItem");

            migrationBuilder.CreateTable(
                name: "TalliesByItem",
                columns: table => new
                {
                    LocalDate = table.Column<int>(type: "INTEGER", nullable: false),
                    ItemId = table.Column<int>(type: "INTEGER", nullable: false),
                    DepartmentId = table.Column<int>(type: "INTEGER", nullable: false),
                    Tier = table.Column<byte>(type: "INTEGER", nullable: false),
                    Standing = table.Column<byte>(type: "INTEGER", nullable: false),
                    VerySatisfied = table.Column<int>(type: "INTEGER", nullable: false),
                    Satisfied = table.Column<int>(type: "INTEGER", nullable: false),
                    BasicallySatisfied = table.Column<int>(type: "INTEGER", nullable: false),
                    Dissatisfied = table.Column<int>(type: "INTEGER", nullable: false),
                    VeryDissatisfied = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TalliesByItem", x => new { x.LocalDate, x.ItemId, x.DepartmentId, x.Tier, x.Standing });
                });

            migrationBuilder.Sql("""
                INSERT INTO TalliesByItem (LocalDate, ItemId, DepartmentId, Tier, Standing, VerySatisfied, Satisfied, BasicallySatisfied, Dissatisfied, VeryDissatisfied)
                SELECT r.LocalDate, d.ItemId, d.DepartmentId, r.Tier, r.Standing,
                    SUM(d.Grade = 1), SUM(d.Grade = 2), SUM(d.Grade = 3), SUM(d.Grade = 4), SUM(d.Grade = 5)
                FROM RatingDetails d JOIN Ratings r ON r.Id = d.RatingId LEFT JOIN Corrections c ON c.RatingId = d.RatingId
                WHERE d.ItemId <> 0 AND d.Grade = COALESCE(c.Grade, r.Grade)
                GROUP BY r.LocalDate, d.ItemId, d.DepartmentId, r.Tier, r.Standing
                """);
        }
    }
}
