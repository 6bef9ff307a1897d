extension SubscriptionPage {
  /// The page. It is complete without the script, which adds a button that copies the link, and
  /// shows times in the reader's time zone.
  static let markup = """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="format-detection" content="telephone=no">
    <meta name="referrer" content="no-referrer">
    <meta name="robots" content="noindex">
    <title>{{title}}</title>
    <style>{{{style}}}</style>
    </head>
    <body>
    <header>
    <h1 dir="auto">{{title}}</h1>
    <p class="{{#notice}}status off{{/notice}}{{^notice}}status on{{/notice}}">{{status}}</p>
    </header>
    <main>
    {{#announcement}}
    <p class="card announcement" dir="auto">{{announcement}}</p>
    {{/announcement}}
    {{#notice}}
    <div class="card notice">
    <p>{{advice}}</p>
    {{#web_page}}
    <a class="button" href="{{web_page}}" rel="noreferrer">Go to my account</a>
    {{/web_page}}
    </div>
    {{/notice}}
    {{#quota}}
    <section class="card usage" aria-label="Usage">
    <p class="left"><strong>{{left}}</strong> left of {{quota}}</p>
    <progress class="{{level}}" max="1000" value="{{share}}" aria-label="Traffic used">{{used}} of {{quota}}</progress>
    <dl>
    <div><dt>Used</dt><dd>{{used}}</dd></div>
    {{#expires}}
    <div><dt>{{expiry}}</dt><dd><time datetime="{{expires_iso}}">{{expires}}</time></dd></div>
    {{/expires}}
    {{#resets}}
    <div><dt>Traffic resets</dt><dd><time datetime="{{resets_iso}}">{{resets}}</time></dd></div>
    {{/resets}}
    </dl>
    </section>
    {{/quota}}
    <section class="card apps">
    <h2>Add to your app</h2>
    <nav>
    <a href="{{clash}}">Clash, Mihomo<small>Windows, Mac, Linux, Android</small></a>
    <a href="{{sing_box}}">sing-box<small>iPhone, Mac, Android</small></a>
    <a href="{{shadowrocket}}">Shadowrocket<small>iPhone, iPad, Mac</small></a>
    <a href="{{hiddify}}">Hiddify<small>All systems</small></a>
    <a href="{{v2rayng}}">v2rayNG<small>Android</small></a>
    <a href="{{stash}}">Stash<small>iPhone, iPad, Mac</small></a>
    <a href="{{surge}}">Surge<small>iPhone, iPad, Mac</small></a>
    <a href="{{loon}}">Loon<small>iPhone, iPad</small></a>
    <a href="{{quantumult_x}}">Quantumult X<small>iPhone, iPad</small></a>
    <a href="{{surfboard}}">Surfboard<small>Android</small></a>
    {{#outline}}
    <a href="{{outline}}">Outline<small>All systems</small></a>
    {{/outline}}
    </nav>
    </section>
    <section class="card link">
    <h2><label for="link">Subscription link</label></h2>
    <div class="copy">
    <input id="link" type="text" dir="ltr" readonly spellcheck="false" autocomplete="off" value="{{link}}">
    <button id="copy" class="button" type="button" hidden>Copy</button>
    </div>
    {{#qr_path}}
    <svg class="qr" viewBox="0 0 {{qr_size}} {{qr_size}}" role="img" aria-label="QR code of the link" shape-rendering="crispEdges">
    <rect width="{{qr_size}}" height="{{qr_size}}" fill="#fff"/><path fill="#000" d="{{qr_path}}"/>
    </svg>
    {{/qr_path}}
    <p class="hint">Whoever has this link can use your subscription. Keep it to yourself.</p>
    </section>
    </main>
    {{#footer}}
    <footer>
    {{#web_page}}
    <a href="{{web_page}}" rel="noreferrer">My account</a>
    {{/web_page}}
    {{#support}}
    <a href="{{support}}" rel="noreferrer">Support</a>
    {{/support}}
    </footer>
    {{/footer}}
    <script>{{{script}}}</script>
    </body>
    </html>

    """

  /// Colours first, each with its pair for dark screens; then the page as phones show it, and at
  /// the end what wide screens change.
  static let style = """
    :root{color-scheme:light dark;--back:#f2f4f8;--card:#fff;--text:#16181d;--soft:#586070;--line:#e0e4eb;--track:#dfe4ec;
    --main:#2450d0;--on-main:#fff;--good:#126b38;--good-back:#dff3e7;--low:#a84f07;--bad:#b3202a;--bad-back:#fce8e8}
    @media (prefers-color-scheme:dark){
    :root{--back:#0e1014;--card:#181b21;--text:#eceef2;--soft:#a5adba;--line:#2c313a;--track:#2f3540;
    --main:#86abff;--on-main:#0b1530;--good:#67dc95;--good-back:#123220;--low:#f2ae49;--bad:#ff9d95;--bad-back:#3a1d1f}}
    *{box-sizing:border-box}
    body{margin:0 auto;max-width:58rem;padding:1.25rem 1rem 2rem;background:var(--back);color:var(--text);
    font:16px/1.5 system-ui,-apple-system,sans-serif;overflow-wrap:anywhere;-webkit-text-size-adjust:100%}
    h1,h2,p,dl,dd{margin:0}
    h1{font-size:1.5rem;line-height:1.25;text-wrap:balance}
    h2{font-size:1rem;margin-bottom:.75rem}
    header{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:.5rem 1rem;padding:0 .25rem;margin-bottom:1rem}
    main{display:grid;grid-template-columns:minmax(0,1fr);gap:1rem}
    .card{background:var(--card);border:1px solid var(--line);border-radius:16px;padding:1.25rem}
    .status{padding:.25rem .75rem;border-radius:1rem;font-size:.875rem;font-weight:600}
    .on{background:var(--good-back);color:var(--good)}
    .off{background:var(--bad-back);color:var(--bad)}
    .announcement{border-inline-start:4px solid var(--main)}
    .notice{border-inline-start:4px solid var(--bad);display:grid;gap:1rem}
    .left{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 .5rem;color:var(--soft)}
    .left strong{color:var(--text);font-size:1.875rem;line-height:1.2;letter-spacing:-.02em}
    progress{-webkit-appearance:none;appearance:none;display:block;width:100%;height:12px;border:0;border-radius:6px;overflow:hidden;
    margin:.75rem 0 1.25rem;background:var(--track);color:var(--main)}
    progress.low{color:var(--low)}
    progress.out{color:var(--bad)}
    progress::-webkit-progress-bar{background:var(--track)}
    progress::-webkit-progress-value{background:currentColor}
    progress::-moz-progress-bar{background:currentColor}
    dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:1rem}
    dt,small,.hint{color:var(--soft);font-size:.8125rem}
    dd,.left{font-variant-numeric:tabular-nums}
    dd small,a small{display:block}
    .copy{display:flex;gap:.5rem}
    input{flex:1;min-width:0;min-height:2.75rem;padding:.5rem .75rem;border:1px solid var(--line);border-radius:10px;text-overflow:ellipsis;
    background:var(--back);color:var(--text);font:.875rem/1.4 ui-monospace,Menlo,monospace}
    .button{padding:.7rem 1.25rem;border:0;border-radius:10px;background:var(--main);color:var(--on-main);font:inherit;font-weight:600;
    cursor:pointer;text-align:center;text-decoration:none}
    [hidden]{display:none}
    .qr{display:block;width:100%;max-width:15rem;margin:1.25rem auto;border-radius:12px}
    .hint{text-align:center;text-wrap:balance}
    nav{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.25rem,1fr));gap:.5rem}
    nav a{padding:.6rem .7rem;border:1px solid var(--line);border-radius:10px;color:var(--main);font-size:.9375rem;font-weight:600;
    line-height:1.35;text-decoration:none}
    nav small{font-weight:400}
    nav a:hover,nav a:focus-visible{border-color:var(--main)}
    :focus-visible{outline:3px solid var(--main);outline-offset:2px}
    footer{display:flex;flex-wrap:wrap;justify-content:center;gap:0 1rem;margin-top:1rem}
    footer a{padding:.7rem .5rem;color:var(--main)}
    @media (min-width:50rem){
    body{padding-top:2.5rem}
    main{grid-template-columns:minmax(0,1fr) 22rem;grid-auto-flow:dense;align-items:start}
    .announcement,.notice{grid-column:1/-1}
    .notice{grid-template-columns:1fr auto;align-items:center}
    .usage,.apps{grid-column:1}
    .link{grid-column:2;grid-row:span 2}
    }
    """

  static let script = """
    const button=document.getElementById("copy"),field=document.getElementById("link"),language=document.documentElement.lang;
    button.hidden=false;
    button.addEventListener("click",async()=>{
    field.select();
    try{await navigator.clipboard.writeText(field.value)}catch{document.execCommand("copy")}
    button.textContent="Copied";
    setTimeout(()=>button.textContent="Copy",2000)});
    for(const element of document.querySelectorAll("time")){
    const time=new Date(element.dateTime),hours=(time-Date.now())/36e5,far=Math.abs(hours);
    const [count,unit]=far<1?[hours*60,"minute"]:far<48?[hours,"hour"]:[hours/24,"day"];
    element.textContent=time.toLocaleString(language,{dateStyle:"medium",timeStyle:"short"});
    const distance=document.createElement("small");
    distance.textContent=new Intl.RelativeTimeFormat(language,{numeric:"auto"}).format(Math.round(count),unit);
    element.after(distance)}
    """
}
