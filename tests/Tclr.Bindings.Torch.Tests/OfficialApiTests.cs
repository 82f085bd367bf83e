#if TCLR_SYSTEM_BACKEND
using Tclr.Testing;
using TorchSharp;

namespace Tclr.Bindings.Torch.Tests;

public sealed class OfficialApiTests
{
    // The listing names Scalar only where it is used; its conversions are those of the numbers.
    [Test]
    public void The_binding_has_no_public_member_that_the_official_library_lacks()
        => Assert.That(ApiListing.Unknown(typeof(torch).Assembly, SharedFolder.Require("reference", "TORCHSHARP_API.md"), nameof(Scalar)), Is.Empty);
}
#endif
