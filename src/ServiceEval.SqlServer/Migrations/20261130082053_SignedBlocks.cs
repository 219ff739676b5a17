using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ServiceEval.SqlServer.Migrations
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
                type: "nvarchar(400)",
                maxLength: 400,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<int>(
                name: "KeyId",
                table: "LedgerBlocks",
                type: "int",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "Signature",
                table: "LedgerBlocks",
                type: "binary(64)",
                fixedLength: true,
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "ShowsMadeUpPast",
                table: "Installation",
                type: "bit",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "LedgerKeyRequests",
                columns: table => new
                {
                    Fingerprint = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    PublicKey = table.Column<byte[]>(type: "varbinary(91)", maxLength: 91, nullable: false),
                    Name = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    Proof = table.Column<byte[]>(type: "binary(32)", fixedLength: true, maxLength: 32, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LedgerKeyRequests", x => x.Fingerprint);
                });

            migrationBuilder.CreateTable(
                name: "LedgerKeys",
                columns: table => new
                {
                    Id = table.Column<int>(type: "int", nullable: false),
                    Algorithm = table.Column<byte>(type: "tinyint", nullable: false),
                    PublicKey = table.Column<byte[]>(type: "varbinary(91)", maxLength: 91, nullable: false),
                    Name = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    Replaces = table.Column<int>(type: "int", nullable: false),
                    AdmittedAt = table.Column<DateTimeOffset>(type: "datetimeoffset(3)", precision: 3, nullable: false),
                    Block = table.Column<long>(type: "bigint", nullable: false),
                    Index = table.Column<int>(type: "int", nullable: false),
                    Leaf = table.Column<byte[]>(type: "binary(32)", fixedLength: true, maxLength: 32, nullable: false)
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
