using System.Runtime.InteropServices;

namespace OpenCvSharp.Interop;

/// <summary>The exports of <c>bindings/native/opencv</c>. All but the first and the last return a status for <see cref="Check"/>.</summary>
internal static unsafe partial class NativeMethods
{
    public const string Library = "tclr_opencv";

    static NativeMethods() => NativeLoader.Register();

    /// <summary>What the shim says about a matrix; the layout is the one of <c>tclr_cv_mat_info</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MatInfo
    {
        public nint Data;
        public long Step;
        public int Rows;
        public int Cols;
        public int Type;
        public int Continuous;
        public int Empty;
    }

    /// <summary>Turns a status other than 0 into an exception with OpenCV's message.</summary>
    public static void Check(int status)
    {
        if (status != 0)
        {
            throw new OpenCVException(Marshal.PtrToStringUTF8(LastError()) ?? "OpenCV failed without a message");
        }
    }

    [LibraryImport(Library, EntryPoint = "tclr_cv_last_error")]
    private static partial nint LastError();

    [LibraryImport(Library, EntryPoint = "tclr_cv_mat_new")]
    public static partial int MatNew(out nint result);

    [LibraryImport(Library, EntryPoint = "tclr_cv_mat_new_sized")]
    public static partial int MatNewSized(int rows, int cols, int type, out nint result);

    [LibraryImport(Library, EntryPoint = "tclr_cv_mat_new_from_data")]
    public static partial int MatNewFromData(int rows, int cols, int type, nint data, long step, out nint result);

    [LibraryImport(Library, EntryPoint = "tclr_cv_mat_delete")]
    public static partial int MatDelete(nint mat);

    [LibraryImport(Library, EntryPoint = "tclr_cv_mat_info")]
    public static partial int MatGetInfo(NativeHandle mat, out MatInfo info);

    [LibraryImport(Library, EntryPoint = "tclr_cv_capture_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CaptureNew(string fileName, int api, out nint result);

    [LibraryImport(Library, EntryPoint = "tclr_cv_capture_new_with", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CaptureNewWith(string fileName, int api, ReadOnlySpan<int> parameters, int parameterCount, out nint result);

    [LibraryImport(Library, EntryPoint = "tclr_cv_capture_delete")]
    public static partial int CaptureDelete(nint capture);

    [LibraryImport(Library, EntryPoint = "tclr_cv_capture_is_opened")]
    public static partial int CaptureIsOpened(NativeHandle capture, out int result);

    [LibraryImport(Library, EntryPoint = "tclr_cv_capture_get")]
    public static partial int CaptureGet(NativeHandle capture, int property, out double result);

    [LibraryImport(Library, EntryPoint = "tclr_cv_capture_set")]
    public static partial int CaptureSet(NativeHandle capture, int property, double value, out int result);

    [LibraryImport(Library, EntryPoint = "tclr_cv_capture_grab")]
    public static partial int CaptureGrab(NativeHandle capture, out int result);

    [LibraryImport(Library, EntryPoint = "tclr_cv_capture_retrieve")]
    public static partial int CaptureRetrieve(NativeHandle capture, NativeHandle image, int flag, out int result);

    [LibraryImport(Library, EntryPoint = "tclr_cv_capture_read")]
    public static partial int CaptureRead(NativeHandle capture, NativeHandle image, out int result);

    [LibraryImport(Library, EntryPoint = "tclr_cv_capture_release")]
    public static partial int CaptureRelease(NativeHandle capture);

    [LibraryImport(Library, EntryPoint = "tclr_cv_writer_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int WriterNew(string fileName, int api, int fourcc, double fps, int width, int height, int isColor, out nint result);

    [LibraryImport(Library, EntryPoint = "tclr_cv_writer_delete")]
    public static partial int WriterDelete(nint writer);

    [LibraryImport(Library, EntryPoint = "tclr_cv_writer_is_opened")]
    public static partial int WriterIsOpened(NativeHandle writer, out int result);

    [LibraryImport(Library, EntryPoint = "tclr_cv_writer_write")]
    public static partial int WriterWrite(NativeHandle writer, NativeHandle image);

    [LibraryImport(Library, EntryPoint = "tclr_cv_writer_release")]
    public static partial int WriterRelease(NativeHandle writer);

    [LibraryImport(Library, EntryPoint = "tclr_cv_resize")]
    public static partial int Resize(NativeHandle source, NativeHandle destination, int width, int height, double fx, double fy, int interpolation);

    [LibraryImport(Library, EntryPoint = "tclr_cv_cvt_color")]
    public static partial int CvtColor(NativeHandle source, NativeHandle destination, int code, int channels);

    [LibraryImport(Library, EntryPoint = "tclr_cv_set_num_threads")]
    public static partial int SetNumThreads(int threads);

    [LibraryImport(Library, EntryPoint = "tclr_cv_get_num_threads")]
    public static partial int GetNumThreads(out int result);

    [LibraryImport(Library, EntryPoint = "tclr_cv_imencode", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ImEncode(string extension, NativeHandle image, ReadOnlySpan<int> parameters, int parameterCount, out nint bytes, out long length, out int result);

    [LibraryImport(Library, EntryPoint = "tclr_cv_free")]
    public static partial void Free(nint bytes);
}
