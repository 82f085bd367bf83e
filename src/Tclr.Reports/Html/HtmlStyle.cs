namespace Tclr.Reports;

/// <summary>The page's style sheet.</summary>
internal static class HtmlStyle
{
    public const string Css = """
        :root{--text:#1b1f24;--soft:#59616b;--line:#d8dde3;--page:#fff;--tint:#f5f7f9;--heat:#0b4f8a;--cold:#b04a00;
        --right:#00794f;--wrong:#c04800;
        --s0:#0072b2;--s1:#d55e00;--s2:#009e73;--s3:#aa4499;--s4:#b08500;--s5:#3f9bd1;--s6:#7a3b10;--s7:#555b63}
        @media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--text:#e6e9ed;--soft:#a0a9b4;--line:#343b44;--page:#14171b;
        --tint:#1c2026;--heat:#7cc4ff;--cold:#ffab6b;--right:#3fd0a0;--wrong:#ff9a5c;
        --s0:#5ab4f0;--s1:#f08a3c;--s2:#2fc79b;--s3:#e08fd0;--s4:#e8c33c;--s5:#a5d8ff;--s6:#c99a78;--s7:#b4bcc6}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:46rem;padding:1.2rem 1rem 3rem;font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
        color:var(--text);background:var(--page);overflow-wrap:break-word}
        h1,h2,h3{line-height:1.25;text-wrap:balance}h1{font-size:1.7rem;margin:.4rem 0 1rem}
        h2{font-size:1.25rem;margin:2.6rem 0 .8rem;padding-top:.9rem;border-top:1px solid var(--line)}
        h3{font-size:1rem;margin:1.8rem 0 .6rem}
        p{margin:.6rem 0;max-width:40rem}
        nav{font-size:.95rem;margin:1rem 0}nav a{color:inherit;margin-right:1.1rem;display:inline-block}
        a{color:inherit}
        .wide{overflow-x:auto}
        table{border-collapse:collapse;font-size:.95rem;font-variant-numeric:tabular-nums}
        th,td{padding:.34rem .8rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
        thead th{color:var(--soft);font-weight:600;white-space:normal;border-bottom-width:2px;vertical-align:bottom}
        tbody th{font-weight:500;white-space:normal;min-width:6rem}
        th:first-child{text-align:left;padding-left:0}.text{text-align:left}td.text{white-space:normal;min-width:6rem}
        .pm{display:inline-block;text-align:left;white-space:pre;color:var(--soft)}
        figure{margin:0}.caption,figcaption{color:var(--soft);font-size:.9rem;margin:.5rem 0 0;max-width:40rem}
        svg{display:block;width:100%;max-width:32rem;height:auto;overflow:visible}
        svg text{font-size:11.5px;fill:var(--soft);font-variant-numeric:tabular-nums}svg text.name{fill:var(--text)}svg text.inverse{fill:var(--page)}
        svg .halo{paint-order:stroke;stroke:var(--page);stroke-width:4px;stroke-linejoin:round}svg text.small{font-size:10px}
        .grid{stroke:var(--line)}.axis{stroke:var(--soft)}.spread{stroke:var(--text);stroke-width:1.2}
        .frame{fill:none;stroke:var(--line)}.heat{fill:var(--heat)}.cold{fill:var(--cold)}
        .points{fill-opacity:.75}
        svg polyline{fill:none;stroke-width:1.7;stroke-linejoin:round;stroke-linecap:round}
        .legend{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;margin:0 0 .6rem;padding:0;list-style:none;font-size:.9rem}
        .legend li{overflow-wrap:anywhere}.soft{color:var(--soft)}.swatch{display:inline-block;height:12px;margin-right:.45rem;vertical-align:-1px}
        .row{margin:.9rem 0}.row p{margin:0 0 .3rem;font-size:.9rem}
        .thumbs{display:grid;grid-template-columns:repeat(auto-fill,minmax(6.2rem,1fr));gap:.6rem;margin:0;padding:0;list-style:none}
        .thumbs img,.missing{display:block;width:100%;border:3px solid var(--line);border-radius:4px}
        .missing{aspect-ratio:4/3;display:grid;place-items:center;color:var(--soft);font-size:.8rem}
        .thumbs .plain img{border-width:1px}.thumbs .reference img{border-color:var(--text)}
        .thumbs .right img{border-color:var(--right)}.thumbs .wrong img{border:3px dashed var(--wrong)}
        .thumbs span{display:block;font-size:.8rem;line-height:1.3;margin-top:.2rem;color:var(--soft);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
        .reference span{color:var(--text);font-weight:600}.right span{color:var(--right)}.wrong span{color:var(--wrong)}
        dl{display:grid;grid-template-columns:fit-content(45%) 1fr;gap:.25rem 1.2rem;margin:0}dt{color:var(--soft);overflow-wrap:anywhere}dd{margin:0;overflow-wrap:anywhere}
        pre{background:var(--tint);padding:.8rem;border-radius:6px;font-size:.85rem;line-height:1.45;white-space:pre-wrap;overflow-wrap:anywhere}
        @media screen and (max-width:34rem){table{font-size:.88rem}th,td{padding:.3rem .45rem}.legend{font-size:.85rem}svg text{font-size:12px}}
        @media print{@page{margin:15mm}body{max-width:none;padding:0;font-size:10.5pt}nav{display:none}.wide{overflow:visible}th,td.text{white-space:normal;overflow-wrap:anywhere;min-width:0}
        figure,tr,.row,.thumbs li{break-inside:avoid}h2,h3{break-after:avoid}svg{max-width:12cm}
        *{print-color-adjust:exact;-webkit-print-color-adjust:exact}}

        """;
}
