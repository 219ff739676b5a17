using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ServiceEval.Data;

/// <summary>Ids as 16 big-endian bytes, so that version 7 ids sort by time in every database.</summary>
public sealed class BigEndianGuidConverter() : ValueConverter<Guid, byte[]>(id => id.ToByteArray(true), bytes => new Guid(bytes, true));
