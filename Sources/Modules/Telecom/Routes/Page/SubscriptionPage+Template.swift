extension SubscriptionPage {
  /// The page. It is whole without its script, which only adds the button that copies the link.
  static let markup = """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <meta name="robots" content="noindex">
    <title>{{title}}</title>
    <style>{{{style}}}</style>
    </head>
    <body>
    <main>
    <header>
    <h1>{{title}}</h1>
    <p class="{{#notice}}status off{{/notice}}{{^notice}}status on{{/notice}}">{{status}}</p>
    </header>
    {{#announcement}}
    <p class="announcement">{{announcement}}</p>
    {{/announcement}}
    <section aria-label="Usage">
    {{#quota}}
    <progress max="1000" value="{{share}}" aria-label="Traffic used">{{used}} of {{quota}}</progress>
    {{/quota}}
    <dl>
    <div><dt>Used</dt><dd>{{used}}{{#quota}} of {{quota}}{{/quota}}</dd></div>
    {{#left}}
    <div><dt>Left</dt><dd>{{left}}</dd></div>
    {{/left}}
    {{#expires}}
    <div><dt>Expires</dt><dd>{{expires}}</dd></div>
    {{/expires}}
    {{#resets}}
    <div><dt>Traffic resets</dt><dd>{{resets}}</dd></div>
    {{/resets}}
    </dl>
    </section>
    <section>
    <h2>Add to your app</h2>
    <nav>
    <a href="{{clash}}">Clash · Mihomo</a>
    <a href="{{sing_box}}">sing-box</a>
    <a href="{{shadowrocket}}">Shadowrocket</a>
    <a href="{{stash}}">Stash</a>
    <a href="{{surge}}">Surge</a>
    <a href="{{surfboard}}">Surfboard</a>
    <a href="{{loon}}">Loon</a>
    <a href="{{quantumult_x}}">Quantumult X</a>
    <a href="{{hiddify}}">Hiddify</a>
    <a href="{{v2rayng}}">v2rayNG</a>
    {{#outline}}
    <a href="{{outline}}">Outline</a>
    {{/outline}}
    </nav>
    </section>
    <section>
    <h2><label for="link">Subscription link</label></h2>
    <div class="copy">
    <input id="link" type="text" readonly spellcheck="false" autocomplete="off" value="{{link}}">
    <button id="copy" type="button" hidden>Copy</button>
    </div>
    {{#qr_path}}
    <svg class="qr" viewBox="0 0 {{qr_size}} {{qr_size}}" role="img" aria-label="QR code of the link" shape-rendering="crispEdges">
    <rect width="{{qr_size}}" height="{{qr_size}}" fill="#fff"/><path fill="#000" d="{{qr_path}}"/>
    </svg>
    {{/qr_path}}
    <p class="hint">Whoever has this link can use your subscription. Keep it to yourself.</p>
    </section>
    <footer>
    {{#web_page}}
    <a href="{{web_page}}" rel="noreferrer">My account</a>
    {{/web_page}}
    {{#support}}
    <a href="{{support}}" rel="noreferrer">Support</a>
    {{/support}}
    </footer>
    </main>
    <script>{{{script}}}</script>
    </body>
    </html>

    """

  static let style = """
    :root{color-scheme:light dark;--back:#f4f5f7;--card:#fff;--text:#1c1e21;--soft:#5f6670;--line:#dfe2e7;--main:#2563eb;
    --good:#15803d;--bad:#b91c1c}
    @media (prefers-color-scheme:dark){
    :root{--back:#111315;--card:#1c1f23;--text:#eceef1;--soft:#a0a7b1;--line:#33383f;--main:#7aa7ff;--good:#5dd68a;--bad:#ff8a80}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--back);color:var(--text);font:16px/1.5 system-ui,sans-serif}
    main{max-width:34rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
    header{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:.25rem 1rem}
    h1{font-size:1.4rem;margin:.5rem 0}
    h2{font-size:1rem;margin:0 0 .75rem}
    section,.announcement{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1rem;margin:0 0 1rem}
    .status{margin:0;font-weight:600}
    .on{color:var(--good)}
    .off{color:var(--bad)}
    progress{appearance:none;-webkit-appearance:none;display:block;width:100%;height:12px;border:0;border-radius:6px;overflow:hidden;
    background:var(--line);color:var(--main);margin-bottom:1rem}
    progress::-webkit-progress-bar{background:var(--line)}
    progress::-webkit-progress-value{background:var(--main)}
    progress::-moz-progress-bar{background:var(--main)}
    dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:0}
    dt{color:var(--soft);font-size:.85rem}
    dd{margin:0;font-variant-numeric:tabular-nums}
    nav{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.5rem}
    nav a,button{display:block;padding:.65rem .75rem;border:1px solid var(--line);border-radius:8px;
    background:none;color:var(--main);font:inherit;text-align:center;text-decoration:none}
    nav a:hover,button:hover{border-color:var(--main)}
    .copy{display:flex;gap:.5rem}
    input{flex:1;min-width:0;padding:.65rem .75rem;border:1px solid var(--line);border-radius:8px;
    background:var(--back);color:var(--text);font:.85rem ui-monospace,monospace}
    [hidden]{display:none}
    .qr{display:block;width:100%;max-width:16rem;margin:1rem auto 0;border-radius:8px}
    .hint{margin:1rem 0 0;color:var(--soft);font-size:.85rem}
    footer{display:flex;gap:1.5rem;justify-content:center}
    footer a{color:var(--main)}
    """

  static let script = """
    const button=document.getElementById("copy"),field=document.getElementById("link");
    button.hidden=false;
    button.addEventListener("click",async()=>{
    field.select();
    try{await navigator.clipboard.writeText(field.value)}catch{document.execCommand("copy")}
    button.textContent="Copied"});
    """
}
