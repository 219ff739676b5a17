using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ServiceEval.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class ReceiptsWithoutIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Ratings_ReceiptHash",
                table: "Ratings");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_Ratings_ReceiptHash",
                table: "Ratings",
                column: "ReceiptHash");
        }
    }
}
