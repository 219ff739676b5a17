using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ServiceEval.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class SignedBlocks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Aliases",
                table: "ServiceItems",
                type: "character varying(400)",
                maxLength: 400,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<int>(
                name: "KeyId",
                table: "LedgerBlocks",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "Signature",
                table: "LedgerBlocks",
                type: "bytea",
                fixedLength: true,
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "ShowsMadeUpPast",
                table: "Installation",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "LedgerKeyRequests",
                columns: table => new
                {
                    Fingerprint = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                    PublicKey = table.Column<byte[]>(type: "bytea", maxLength: 91, nullable: false),
                    Name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Proof = table.Column<byte[]>(type: "bytea", fixedLength: true, maxLength: 32, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LedgerKeyRequests", x => x.Fingerprint);
                });

            migrationBuilder.CreateTable(
                name: "LedgerKeys",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false),
                    Algorithm = table.Column<byte>(type: "smallint", nullable: false),
                    PublicKey = table.Column<byte[]>(type: "bytea", maxLength: 91, nullable: false),
                    Name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Replaces = table.Column<int>(type: "integer", nullable: false),
                    AdmittedAt = table.Column<DateTimeOffset>(type: "timestamp(3) with time zone", precision: 3, nullable: false),
                    Block = table.Column<long>(type: "bigint", nullable: false),
                    Index = table.Column<int>(type: "integer", nullable: false),
                    Leaf = table.Column<byte[]>(type: "bytea", fixedLength: true, maxLength: 32, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LedgerKeys", x => x.Id);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "LedgerKeyRequests");

            migrationBuilder.DropTable(
                name: "LedgerKeys");

            migrationBuilder.DropColumn(
                name: "Aliases",
                table: "ServiceItems");

            migrationBuilder.DropColumn(
                name: "KeyId",
                table: "LedgerBlocks");

            migrationBuilder.DropColumn(
                name: "Signature",
                table: "LedgerBlocks");

            migrationBuilder.DropColumn(
                name: "ShowsMadeUpPast",
                table: "Installation");
        }
    }
}
