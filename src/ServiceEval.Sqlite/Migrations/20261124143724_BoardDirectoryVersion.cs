using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ServiceEval.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class BoardDirectoryVersion : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "DirectoryVersion",
                table: "BoardReleases",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "DirectoryVersion",
                table: "BoardReleases");
        }
    }
}
