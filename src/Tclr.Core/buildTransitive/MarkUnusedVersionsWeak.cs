#nullable disable

using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;

namespace Tclr.Build
{
    /// <summary>Writes a copy of an ELF library whose unused demands for newer versions of libstdc++ are weak.</summary>
    /// <remarks>
    /// The dynamic loader refuses a library that names a symbol version which the system's libstdc++ lacks, even where no
    /// relocation uses a symbol of that version. A demand marked weak (VER_FLG_WEAK) is not refused. Compiled by MSBuild
    /// from source, against netstandard2.0.
    /// </remarks>
    public sealed class MarkUnusedVersionsWeak : Microsoft.Build.Utilities.Task
    {
        // Debian 12 and Ubuntu 22.04 have this version: an older demand needs no correction.
        private const int NewestCommonMinor = 30;
        private const string Library = "libstdc++.so.6";
        private const string Prefix = "GLIBCXX_3.4.";
        private const ushort Weak = 2;

        /// <summary>The library.</summary>
        [Required]
        public string Source { get; set; }

        /// <summary>The corrected copy. Not written if there is nothing to correct.</summary>
        [Required]
        public string Destination { get; set; }

        /// <inheritdoc/>
        public override bool Execute()
        {
            try
            {
                string result;
                byte[] corrected = Correct(File.ReadAllBytes(Source), out result);
                Log.LogMessage(MessageImportance.Normal, "Tclr: {0}: {1}.", Source, result);
                if (corrected != null)
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(Destination));
                    string temporary = Destination + "." + Guid.NewGuid().ToString("N");
                    File.WriteAllBytes(temporary, corrected);
                    File.Delete(Destination);
                    File.Move(temporary, Destination);
                }
            }
            catch (Exception e) when (e is IOException || e is UnauthorizedAccessException)
            {
                Log.LogWarning("Tclr: {0} is used as it is, because its corrected copy could not be written: {1} Set the property TclrCorrectTorchSharp to false to do without.", Source, e.Message);
            }

            return true;
        }

        /// <summary>Marks the demands.</summary>
        /// <param name="file">The library. It is not changed.</param>
        /// <param name="result">What was done, or why nothing was.</param>
        /// <returns>The corrected copy; null if nothing needs to be done or the file is not understood.</returns>
        public static byte[] Correct(byte[] file, out string result)
        {
            try
            {
                return CorrectElf(file, out result);
            }
            catch (Exception e) when (e is IndexOutOfRangeException || e is ArgumentException || e is OverflowException || e is InvalidDataException)
            {
                result = "left as it is: not an ELF library that can be read (" + e.Message + ")";
                return null;
            }
        }

        private static byte[] CorrectElf(byte[] file, out string result)
        {
            // 64 bits, little endian, shared object.
            if (file.Length < 64 || ReadUInt32(file, 0) != 0x464C457F || file[4] != 2 || file[5] != 1)
            {
                result = "left as it is: not a 64-bit little-endian ELF file";
                return null;
            }

            var segments = new List<Segment>();
            var dynamic = new Dictionary<long, long>();
            long table = ReadInt64(file, 32), size = ReadUInt16(file, 54), count = ReadUInt16(file, 56);
            for (long i = 0; i < count; i++)
            {
                long at = table + (i * size);
                var segment = new Segment(ReadInt64(file, at + 16), ReadInt64(file, at + 8), ReadInt64(file, at + 32));
                uint type = ReadUInt32(file, at);
                if (type == 1)
                {
                    segments.Add(segment);
                }
                else if (type == 2)
                {
                    for (long entry = segment.Offset; entry + 16 <= segment.Offset + segment.Length && ReadInt64(file, entry) != 0; entry += 16)
                    {
                        dynamic[ReadInt64(file, entry)] = ReadInt64(file, entry + 8);
                    }
                }
            }

            const long strings = 5, rela = 7, relaSize = 8, jumpRela = 23, jumpRelaSize = 2, versions = 0x6FFFFFF0, needed = 0x6FFFFFFE, neededCount = 0x6FFFFFFF;
            if (!dynamic.ContainsKey(needed) || !dynamic.ContainsKey(neededCount) || !dynamic.ContainsKey(versions) || !dynamic.ContainsKey(strings))
            {
                result = "left as it is: it names no symbol versions";
                return null;
            }

            var used = new HashSet<ushort>();
            long versionsAt = OffsetOf(segments, dynamic[versions]);
            Mark(file, segments, dynamic, rela, relaSize, versionsAt, used);
            Mark(file, segments, dynamic, jumpRela, jumpRelaSize, versionsAt, used);

            byte[] corrected = null;
            var names = new List<string>();
            string refused = null;
            long stringsAt = OffsetOf(segments, dynamic[strings]), need = OffsetOf(segments, dynamic[needed]);
            for (long left = dynamic[neededCount]; left > 0; left--)
            {
                if (ReadString(file, stringsAt + ReadUInt32(file, need + 4)) == Library)
                {
                    long version = need + ReadUInt32(file, need + 8);
                    for (int versionsLeft = ReadUInt16(file, need + 2); versionsLeft > 0; versionsLeft--)
                    {
                        string name = ReadString(file, stringsAt + ReadUInt32(file, version + 8));
                        ushort flags = ReadUInt16(file, version + 4);
                        int minor;
                        if (name.StartsWith(Prefix, StringComparison.Ordinal) && int.TryParse(name.Substring(Prefix.Length), out minor)
                            && minor > NewestCommonMinor && (flags & Weak) == 0)
                        {
                            if (used.Contains((ushort)(ReadUInt16(file, version + 6) & 0x7FFF)))
                            {
                                refused = name;
                            }
                            else
                            {
                                corrected = corrected ?? (byte[])file.Clone();
                                corrected[version + 4] = (byte)(flags | Weak);
                                names.Add(name);
                            }
                        }

                        version += Next(file, version + 12, versionsLeft);
                    }
                }

                need += Next(file, need + 12, left);
            }

            if (refused != null)
            {
                result = "left as it is: it uses symbols of " + refused;
                return null;
            }

            result = corrected == null ? "left as it is: nothing to correct" : "unused symbol version " + string.Join(", ", names) + " marked weak in a copy";
            return corrected;
        }

        // Notes the versions of the symbols that the relocations of a table use.
        private static void Mark(byte[] file, List<Segment> segments, Dictionary<long, long> dynamic, long table, long tableSize, long versionsAt, HashSet<ushort> used)
        {
            long address, length;
            if (!dynamic.TryGetValue(table, out address) || !dynamic.TryGetValue(tableSize, out length))
            {
                return;
            }

            long start = OffsetOf(segments, address);
            for (long at = start; at < start + length; at += 24)
            {
                used.Add((ushort)(ReadUInt16(file, versionsAt + (2L * ReadUInt32(file, at + 12))) & 0x7FFF));
            }
        }

        // The distance to the next entry of a list, of which so many are left.
        private static uint Next(byte[] file, long at, long left)
        {
            uint distance = ReadUInt32(file, at);
            if (distance == 0 && left > 1)
            {
                throw new InvalidDataException("a list ends too early");
            }

            return distance;
        }

        private static long OffsetOf(List<Segment> segments, long address)
        {
            foreach (var segment in segments)
            {
                if (address >= segment.Address && address - segment.Address < segment.Length)
                {
                    return address - segment.Address + segment.Offset;
                }
            }

            throw new InvalidDataException("an address lies outside of the file");
        }

        private static string ReadString(byte[] file, long at)
        {
            int end = Array.IndexOf(file, (byte)0, checked((int)at));
            return Encoding.ASCII.GetString(file, (int)at, end - (int)at);
        }

        private static ushort ReadUInt16(byte[] file, long at) { return BitConverter.ToUInt16(file, checked((int)at)); }

        private static uint ReadUInt32(byte[] file, long at) { return BitConverter.ToUInt32(file, checked((int)at)); }

        private static long ReadInt64(byte[] file, long at) { return BitConverter.ToInt64(file, checked((int)at)); }

        private struct Segment
        {
            public readonly long Address, Offset, Length;

            public Segment(long address, long offset, long length)
            {
                Address = address;
                Offset = offset;
                Length = length;
            }
        }
    }
}
