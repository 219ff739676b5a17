using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ServiceEval.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class QuotedFilter : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_RatingDetails_GivenAt",
                table: "RatingDetails");

            migrationBuilder.CreateIndex(
                name: "IX_RatingDetails_GivenAt",
                table: "RatingDetails",
                column: "GivenAt",
                filter: "\"Comment\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_RatingDetails_GivenAt",
                table: "RatingDetails");

            migrationBuilder.CreateIndex(
                name: "IX_RatingDetails_GivenAt",
                table: "RatingDetails",
                column: "GivenAt",
                filter: "Comment IS NOT NULL");
        }
    }
}
