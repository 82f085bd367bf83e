namespace Tclr.Data.Tests;

/// <summary>8-bit operations against tables that Pillow 9.4 and torchvision 0.14.1 gave.</summary>
public sealed class PixelGoldenTests
{
    // 4x4 pixels (37 x + 61 y + 83 c) mod 256, as [H][W][3].
    private static readonly object[] Tables =
    [
        new object[] { new AdjustContrast(0.8f), "25 91 158 55 121 187 84 151 217 114 180 42 74 140 207 103 170 31 133 199 61 163 229 91 123 189 51 152 219 80 182 43 110 211 73 139 171 33 99 201 63 129 26 92 159 55 122 188" },
        new object[] { new AdjustContrast(1.25f), "0 72 175 14 118 222 60 164 255 107 210 0 44 148 252 90 194 0 137 240 24 183 255 70 120 224 8 167 255 54 213 0 100 255 43 147 197 0 84 243 27 130 0 73 177 15 119 223" },
        new object[] { new AdjustBrightness(0.75f), "0 62 124 27 90 152 55 117 180 83 145 15 45 108 170 73 135 6 101 163 33 129 191 61 91 153 24 119 181 51 147 17 79 174 45 107 137 7 69 165 35 97 0 63 125 28 90 153" },
        new object[] { new AdjustBrightness(1.25f), "0 103 207 46 150 253 92 196 255 138 242 26 76 180 255 122 226 10 168 255 56 215 255 102 152 255 40 198 255 86 245 28 132 255 75 178 228 12 116 255 58 162 1 105 208 47 151 255" },
        new object[] { new AdjustSaturation(0.75f), "17 79 141 54 116 178 91 153 215 120 182 53 78 140 202 107 169 40 144 206 77 181 243 114 131 193 64 168 230 101 168 38 100 205 75 137 155 25 87 192 62 124 18 80 142 55 117 179" },
        new object[] { new AdjustSaturation(1.2f), "0 86 185 23 123 222 60 160 255 103 203 0 47 147 246 90 190 0 127 227 19 164 255 56 114 214 6 151 251 43 218 10 110 255 47 147 205 0 97 242 34 134 0 87 186 24 124 223" },
        new object[] { ShiftHue.By(0.1), "12 0 166 49 37 203 86 74 240 21 194 29 73 61 227 9 181 17 45 218 53 82 255 90 32 205 40 69 242 77 196 35 23 233 72 60 183 22 10 220 60 47 13 1 167 50 38 204" },
        new object[] { ShiftHue.By(-0.07), "0 152 166 37 189 203 74 226 240 184 194 21 61 213 227 171 181 9 208 218 45 245 255 82 195 205 32 232 242 69 196 23 178 233 60 215 183 10 165 220 47 202 1 153 167 38 190 204" },
        new object[] { new AdjustGamma(0.8), "0 104 181 54 140 213 95 173 243 131 205 34 81 162 233 119 194 16 153 225 63 186 255 103 141 214 48 175 245 89 207 37 126 238 80 161 196 19 114 227 66 149 3 105 182 55 141 214" },
        new object[] { new ToGray(), "68 68 68 105 105 105 142 142 142 149 149 149 129 129 129 136 136 136 173 173 173 210 210 210 160 160 160 197 197 197 84 84 84 121 121 121 71 71 71 108 108 108 69 69 69 106 106 106" },
    ];

    [TestCaseSource(nameof(Tables))]
    public void An_operation_gives_pillows_table(object operation, string table)
    {
        using var window = Small();
        Assert.That(Pixels.Run(window, Pixels.Whole(4, 4, 4, 4), (PixelChange)operation), Is.EqualTo(Parse(table)));
    }

    [Test]
    public void Gray_then_gamma_gives_pillows_table()
    {
        using var window = Small();
        byte[] expected = Parse("52 88 126 134 113 120 160 202 146 187 67 104 55 91 53 89").SelectMany(level => Enumerable.Repeat(level, 3)).ToArray();
        Assert.That(Pixels.Run(window, Pixels.Whole(4, 4, 4, 4), new ToGray(), new AdjustGamma(1.2)), Is.EqualTo(expected));
    }

    [TestCase(3, 3, "29 112 172 74 157 164 118 201 82 103 186 102 148 167 58 192 147 102 176 79 86 131 86 131 85 92 175")]
    [TestCase(7, 5, "0 83 166 26 109 192 56 139 222 85 168 174 111 194 21 22 105 188 48 131 150 78 161 152 107 190 132 133 216 43 57 140 223 83 166 82 113 196 41 142 225 64 168 251 78 92 175 130 118 201 66 148 167 58 177 132 87 203 158 113 126 191 36 152 217 62 173 128 92 193 38 121 219 64 147 161 80 71 187 106 97 135 90 127 82 73 156 108 99 182 183 10 93 209 36 119 111 66 149 12 95 178 38 121 204")]
    public void Resize_gives_pillows_table(int height, int width, string table)
    {
        using var window = Small();
        Assert.That(Pixels.Run(window, Pixels.Whole(4, 4, height, width)), Is.EqualTo(Parse(table)));
    }

    // The whole chain of the reference on 240x320 frames: sums of the three channels, and nine pixels.
    [TestCase("mod", "crop", 1601300, 1601016, 1601606, "126 155 184 181 95 171 100 104 108")]
    [TestCase("mod", "contrast", 1597176, 1596956, 1597352, "126 149 172 170 101 162 105 108 112")]
    [TestCase("mod", "hue", 1577802, 1576554, 1593819, "126 133 184 153 74 179 103 136 108")]
    [TestCase("mod", "saturation", 1596401, 1596827, 1595275, "121 156 190 178 96 167 103 103 114")]
    [TestCase("mod", "brightness", 1355113, 1354874, 1355446, "107 131 156 153 80 145 85 88 91")]
    [TestCase("mod", "contrast hue saturation brightness", 1331893, 1330696, 1343921, "105 111 152 120 70 141 94 114 100")]
    [TestCase("mod", "hue saturation brightness contrast", 1324908, 1324698, 1338511, "104 110 152 120 70 140 93 114 99")]
    [TestCase("mod", "gray", 1602096, 1602096, 1602096, "150 150 150 192 90 190 85 108 77")]
    [TestCase("mod", "gray gamma", 1410691, 1410691, 1410691, "135 135 135 182 73 179 68 91 60")]
    [TestCase("mod", "drop", 1601300, 0, 1601606, "126 0 184 181 0 171 100 0 108")]
    [TestCase("mod", "flip", 1601300, 1601016, 1601606, "181 209 132 126 55 103 175 66 92")]
    [TestCase("mod", "erase", 1590589, 1590452, 1590959, "126 155 184 181 95 171 0 104 108")]
    [TestCase("mod", "hue saturation brightness contrast drop flip erase", 1315922, 0, 1329517, "120 0 103 104 0 86 0 0 73")]
    [TestCase("smooth", "crop", 1597069, 1593833, 1561213, "161 222 184 88 125 151 157 65 42")]
    [TestCase("smooth", "contrast", 1591257, 1588658, 1562550, "154 203 172 95 125 146 151 77 59")]
    [TestCase("smooth", "hue", 1591723, 1602942, 1564355, "161 222 208 88 137 151 157 41 43")]
    [TestCase("smooth", "saturation", 1593142, 1589362, 1549988, "153 226 181 94 126 157 160 65 24")]
    [TestCase("smooth", "contrast hue saturation brightness", 1338318, 1347468, 1315896, "124 175 162 85 116 130 129 47 33")]
    [TestCase("smooth", "gray gamma", 1399918, 1399918, 1399918, "190 190 190 39 103 101 122 49 114")]
    [TestCase("smooth", "hue saturation brightness contrast drop flip erase", 1329186, 0, 1303723, "85 0 59 124 0 86 0 0 39")]
    public void The_chain_gives_the_references_pixels(string picture, string steps, int red, int green, int blue, string pixels)
    {
        using var window = Picture(picture);
        var operations = steps.Split(' ').Where(step => step is not "crop").Select(Operation).ToArray();
        byte[] result = Pixels.Run(window, Pixels.Square(10, 20, 192, 112), operations);
        Assert.Multiple(() =>
        {
            Assert.That(Enumerable.Range(0, 3).Select(c => Sum(result, c)), Is.EqualTo(new[] { red, green, blue }));
            (int C, int Y, int X)[] places = [(0, 0, 0), (1, 0, 0), (2, 0, 0), (0, 0, 111), (1, 55, 56), (2, 111, 0), (0, 111, 111), (1, 30, 80), (2, 90, 20)];
            Assert.That(places.Select(p => result[(((p.Y * 112) + p.X) * 3) + p.C]), Is.EqualTo(Parse(pixels)));
        });
    }

    [TestCase("smooth", 3, 0, 144, 1585774, 1583169, 1591028)]
    [TestCase("smooth", 3, 0, 239, 1592963, 1588872, 1582516)]
    [TestCase("mod", 64, 24, 192, 1603081, 1602706, 1602043)]
    [TestCase("smooth", 64, 24, 192, 1596579, 1585703, 1612006)]
    public void Crops_give_the_references_sums(string picture, int x, int y, int side, int red, int green, int blue)
    {
        using var window = Picture(picture);
        byte[] result = Pixels.Run(window, Pixels.Square(x, y, side, 112));
        Assert.That(Enumerable.Range(0, 3).Select(c => Sum(result, c)), Is.EqualTo(new[] { red, green, blue }));
    }

    [Test]
    public void The_test_preset_shows_the_middle_in_the_references_order()
    {
        using var window = Picture("smooth");
        float[] clip = Augmentations.TclrTest().Apply(window);
        const int plane = 112 * 112;

        // The reference counts channels of BGR frames; ours are RGB, so the sums come out turned round.
        Assert.That(Enumerable.Range(0, 3).Select(c => (int)Math.Round(clip.AsSpan(c * plane, plane).ToArray().Sum(value => value * 255.0))), Is.EqualTo(new[] { 1612006, 1585703, 1596579 }));
    }

    private static PixelChange Operation(string name) => name switch
    {
        "contrast" => new AdjustContrast(0.8f),
        "hue" => ShiftHue.By(0.07),
        "saturation" => new AdjustSaturation(1.2f),
        "brightness" => new AdjustBrightness(0.85f),
        "gray" => new ToGray(),
        "gamma" => new AdjustGamma(1.2),
        "drop" => new DropChannel(1),
        "flip" => new FlipHorizontally(),
        _ => new Erase(100, 105, 12, 15),
    };

    private static FrameWindow Small() => Windows.From(4, 4, (y, x, c) => ((37 * x) + (61 * y) + (83 * c)) % 256);

    private static FrameWindow Picture(string name) => Windows.From(240, 320, (v, u, c) => name is "mod"
        ? ((7 * u) + (13 * v) + (29 * c) + (u * v / 5)) % 256
        : (int)Math.Clamp(127.5 + (100 * Math.Sin((0.05 * u) + c) * Math.Cos((0.04 * v) - (0.5 * c))), 0, 255));

    private static int Sum(byte[] pixels, int channel) => pixels.Where((_, i) => i % 3 == channel).Sum(level => level);

    private static byte[] Parse(string text) => [.. text.Split(' ').Select(byte.Parse)];
}
