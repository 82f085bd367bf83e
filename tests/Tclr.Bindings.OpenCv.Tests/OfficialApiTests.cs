#if TCLR_SYSTEM_BACKEND
using OpenCvSharp;

namespace Tclr.Bindings.OpenCv.Tests;

public sealed class OfficialApiTests
{
    // The listing names these types only where they are used.
    [Test]
    public void TheBindingHasNoPublicMemberThatTheOfficialLibraryLacks()
        => Assert.That(
            ApiListing.Unknown(
                typeof(Mat).Assembly, SharedFolder.Require("reference", "TORCHSHARP_API.md"),
                nameof(FourCC), nameof(InputArray), nameof(OutputArray), nameof(CvObject), nameof(OpenCVException)),
            Is.Empty);
}
#endif
