import type { PackagePage } from './page.js';

/**
 * The pages, by the name that `npm run test:browser -- NAME` takes. To add one, write its entry and run that command: it
 * says what the package needs. Then run `npm run generate`, which updates docs/packages.md.
 */
export const PACKAGES: Readonly<Record<string, PackagePage>> = {
  leaflet: {
    name: 'Leaflet',
    versions: { leaflet: '1.9.4' },
    apps: [{ app: 'leaflet', dir: 'dist', prefix: 'leaflet' }],
    html: (url) => `
      <link rel="stylesheet" href="${url('leaflet/leaflet.css')}">
      <div id="map" style="width: 400px; height: 300px"></div>
      <script src="${url('leaflet/leaflet.js')}"></script>
      <script>L.marker([0, 0]).addTo(L.map('map').setView([0, 0], 3))</script>`,
    probe: `document.querySelector('img.leaflet-marker-icon').naturalWidth`,
    needs: {
      why: 'Its script reads the folder of the marker images out of a `url()` of its style sheet, which has to end in `marker-icon.png`.',
      default: { exclude: ['leaflet/images/marker-*.png'] },
      'originals: false': { exclude: ['leaflet/images/marker-*.png'] },
    },
  },
  shoelace: {
    name: 'Shoelace',
    versions: { '@shoelace-style/shoelace': '2.20.1' },
    apps: [{ app: '@shoelace-style/shoelace', dir: 'cdn', prefix: 'shoelace' }],
    html: (url) => `
      <link rel="stylesheet" href="${url('shoelace/themes/light.css')}">
      <script type="module" src="${url('shoelace/shoelace-autoloader.js')}"></script>
      <sl-button>Press</sl-button><sl-icon name="gear"></sl-icon>`,
    probe: `[document.querySelector('sl-button').shadowRoot.childElementCount, document.querySelector('sl-icon').shadowRoot.querySelector('svg').childElementCount]`,
    needs: {
      why: 'The autoloader finds its folder by its own file name. It loads components and icons by computed names.',
      default: { exclude: ['shoelace/shoelace-autoloader.js', 'shoelace/components/**'] },
      'originals: false': {
        exclude: ['shoelace/shoelace-autoloader.js', 'shoelace/components/**', 'shoelace/assets/**'],
      },
    },
  },
  'web-awesome': {
    name: 'Web Awesome',
    versions: { '@awesome.me/webawesome': '3.14.0' },
    apps: [{ app: '@awesome.me/webawesome', dir: 'dist-cdn', prefix: 'webawesome' }],
    html: (url) => `
      <link rel="stylesheet" href="${url('webawesome/styles/webawesome.css')}">
      <script type="module" src="${url('webawesome/webawesome.loader.js')}"></script>
      <wa-button>Press</wa-button><wa-rating></wa-rating>`,
    probe: `[document.querySelector('wa-button').shadowRoot.childElementCount, document.querySelector('wa-rating').shadowRoot.childElementCount]`,
    needs: {
      why: 'The loader finds its folder by its own file name. It loads components by computed names.',
      default: { exclude: ['webawesome/webawesome.loader.js', 'webawesome/components/**'] },
      'originals: false': { exclude: ['webawesome/webawesome.loader.js', 'webawesome/components/**'] },
    },
  },
  ckeditor4: {
    name: 'CKEditor 4',
    versions: { ckeditor4: '4.22.1' },
    apps: [{ app: 'ckeditor4', dir: '.', prefix: 'ckeditor' }],
    html: (url) => `
      <textarea id="text">&lt;p&gt;Hello&lt;/p&gt;</textarea>
      <script src="${url('ckeditor/ckeditor.js')}"></script>
      <script>CKEDITOR.replace('text', { versionCheck: false })</script>`,
    probe: `CKEDITOR.instances.text.status === 'ready' && [CKEDITOR.instances.text.getData(), getComputedStyle(document.querySelector('.cke_button__bold_icon')).backgroundImage.includes('icons')]`,
    needs: {
      why: 'Its script finds its folder by its own file name. It loads languages, plug-ins and skins by computed names.',
      default: { exclude: ['ckeditor/ckeditor.js'] },
      'originals: false': { exclude: ['ckeditor/**'] },
    },
  },
  ionic: {
    name: 'Ionic',
    versions: { '@ionic/core': '9.0.5' },
    apps: [{ app: '@ionic/core', dir: 'dist/ionic', prefix: 'ionic' }],
    html: (url) => `
      <script type="module" src="${url('ionic/ionic.esm.js')}"></script>
      <ion-app><ion-content><ion-button>Press</ion-button></ion-content></ion-app>`,
    probe: `document.querySelector('ion-button').shadowRoot.querySelector('button').tagName`,
  },
  bootstrap: {
    name: 'Bootstrap',
    versions: { bootstrap: '5.3.9' },
    apps: [{ app: 'bootstrap', dir: 'dist', prefix: 'bootstrap' }],
    html: (url) => `
      <link rel="stylesheet" href="${url('bootstrap/css/bootstrap.min.css')}">
      <button class="btn btn-primary" data-bs-toggle="collapse" data-bs-target="#more">More</button>
      <div id="more" class="collapse">more</div>
      <script src="${url('bootstrap/js/bootstrap.bundle.min.js')}"></script>
      <script>document.querySelector('.btn').click()</script>`,
    probe: `document.querySelector('#more.collapse.show') && getComputedStyle(document.querySelector('.btn')).backgroundColor`,
  },
  ace: {
    name: 'Ace',
    versions: { 'ace-builds': '1.45.2' },
    apps: [{ app: 'ace-builds', dir: 'src-min-noconflict', prefix: 'ace' }],
    html: (url) => `
      <div id="editor" style="width: 400px; height: 200px">let a = ;</div>
      <script src="${url('ace/ace.js')}"></script>
      <script>
        const editor = ace.edit('editor');
        editor.setTheme('ace/theme/monokai');
        editor.session.setMode('ace/mode/javascript');
      </script>`,
    probe: `[editor.session.getMode().$id, getComputedStyle(editor.container).backgroundColor, editor.session.getAnnotations().length].join() === 'ace/mode/javascript,rgb(39, 40, 34),1'`,
    needs: {
      why: 'It loads modes, themes and workers by computed names.',
      'originals: false': { exclude: ['ace/**'] },
    },
  },
  swiper: {
    name: 'Swiper',
    versions: { swiper: '14.4.0' },
    apps: [{ app: 'swiper', dir: '.', prefix: 'swiper' }],
    html: (url) => `
      <link rel="stylesheet" href="${url('swiper/swiper-bundle.min.css')}">
      <div class="swiper"><div class="swiper-wrapper"><div class="swiper-slide">1</div><div class="swiper-slide">2</div></div><div class="swiper-button-next"></div></div>
      <script type="module">
        import Swiper from '${url('swiper/swiper-bundle.min.mjs')}';
        window.swiper = new Swiper('.swiper', { navigation: { nextEl: '.swiper-button-next' } });
        swiper.slideNext(0);
      </script>`,
    probe: `swiper.activeIndex === 1 && getComputedStyle(document.querySelector('.swiper-wrapper')).display`,
  },
  tinymce: {
    name: 'TinyMCE',
    versions: { tinymce: '8.9.2' },
    apps: [{ app: 'tinymce', dir: '.', prefix: 'tinymce@8.9.2' }],
    html: (url) => `
      <textarea id="text">Hello</textarea>
      <script src="${url('tinymce@8.9.2/tinymce.min.js')}"></script>
      <script>tinymce.init({ selector: '#text', license_key: 'gpl', plugins: 'lists', toolbar: 'bold numlist' })</script>`,
    probe: `tinymce.activeEditor.initialized && [tinymce.activeEditor.getContent(), !!tinymce.activeEditor.plugins.lists, getComputedStyle(document.querySelector('.tox-tinymce')).display]`,
    needs: {
      why: 'It loads models, themes, skins and plug-ins by computed names. Change the version in the prefix with each update of the package.',
      'originals: false': { prehashed: ['tinymce@8.9.2/**'] },
    },
  },
  cesium: {
    name: 'Cesium',
    versions: { cesium: '1.140.0' },
    apps: [{ app: 'cesium', dir: 'Build/Cesium', prefix: 'cesium' }],
    html: (url) => `
      <link rel="stylesheet" href="${url('cesium/Widgets/widgets.css')}">
      <div id="globe" style="width: 200px; height: 150px"></div>
      <script src="${url('cesium/Cesium.js')}"></script>
      <script>
        const earth = Cesium.buildModuleUrl('Assets/Textures/NaturalEarthII');
        const viewer = new Cesium.Viewer('globe', {
          baseLayer: Cesium.ImageryLayer.fromProviderAsync(Cesium.TileMapServiceImageryProvider.fromUrl(earth)),
          baseLayerPicker: false, geocoder: false, animation: false, timeline: false,
        });
        viewer.entities.add({ position: Cesium.Cartesian3.fromDegrees(0, 0), box: { dimensions: new Cesium.Cartesian3(9e5, 9e5, 9e5) } });
      </script>`,
    probe: `viewer.dataSourceDisplay.ready && viewer.scene.globe.tilesLoaded && viewer.imageryLayers.get(0).ready && viewer.scene.primitives.length`,
    needs: {
      why: 'Its script finds its folder by its own file name. It loads workers, styles and images by computed names.',
      default: { exclude: ['cesium/Cesium.js'] },
      'originals: false': { exclude: ['cesium/Cesium.js', 'cesium/{Assets,ThirdParty,Widgets,Workers}/**'] },
    },
  },
  pdfjs: {
    name: 'PDF.js',
    versions: { 'pdfjs-dist': '5.6.205' },
    apps: [
      { app: 'pdfjs-dist', dir: 'build', prefix: 'pdfjs' },
      { app: 'pdfjs-dist', dir: 'standard_fonts', prefix: 'pdfjs/standard_fonts' },
    ],
    html: (url) => `
      <canvas id="page"></canvas>
      <script type="module">
        import * as pdfjs from '${url('pdfjs/pdf.min.mjs')}';
        pdfjs.GlobalWorkerOptions.workerSrc = '${url('pdfjs/pdf.worker.min.mjs')}';
        const data = [
          '%PDF-1.4',
          '1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj',
          '2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj',
          '3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>> endobj',
          '4 0 obj <</Length 41>> stream', 'BT /F 24 Tf 20 40 Td (Hello) Tj ET        ', 'endstream endobj',
          '5 0 obj <</Type/Font/Subtype/Type1/BaseFont/Times-Roman>> endobj',
          'trailer <</Root 1 0 R>>', '%%EOF',
        ].join('\\n');
        const document = await pdfjs.getDocument({
          data: new TextEncoder().encode(data), standardFontDataUrl: '/static/pdfjs/standard_fonts/', useSystemFonts: false,
        }).promise;
        const page = await document.getPage(1);
        const canvas = window.document.querySelector('canvas');
        await page.render({ canvas, viewport: page.getViewport({ scale: 1 }) }).promise;
        const { items } = await page.getTextContent();
        window.drawn = [items[0].str, canvas.getContext('2d').getImageData(0, 0, 200, 100).data.filter((value, index) => index % 4 === 0 && value < 128).length];
      </script>`,
    probe: `window.drawn`,
    needs: {
      why: 'It loads standard fonts by computed names, from the folder `standardFontDataUrl`. The same is true of `cMapUrl` and `wasmUrl`.',
      'originals: false': { exclude: ['pdfjs/standard_fonts/**'] },
    },
  },
  mathjax: {
    name: 'MathJax',
    versions: { mathjax: '4.1.3', '@mathjax/mathjax-newcm-font': '4.1.3' },
    apps: [
      { app: 'mathjax', dir: '.', prefix: 'mathjax' },
      { app: '@mathjax/mathjax-newcm-font', dir: 'chtml', prefix: 'mathjax-fonts/mathjax-newcm-font/chtml' },
    ],
    html: (url) => `
      <script>MathJax = { loader: { paths: { fonts: '/static/mathjax-fonts' } } }</script>
      <script src="${url('mathjax/tex-chtml.js')}"></script>
      <p>\\(\\cancel{y} + \\frac{x}{2} \\in \\mathfrak{A}\\)</p>`,
    probe: `document.fonts.status === 'loaded' && document.querySelectorAll('mjx-c').length > 5 && [...document.fonts].filter((font) => font.status === 'loaded').length`,
    needs: {
      why: 'It loads fonts and extensions by computed names. To have the fonts from your site, set `loader.paths.fonts` to `/static/mathjax-fonts`.',
      'originals: false': { exclude: ['mathjax/**', 'mathjax-fonts/**'] },
    },
  },
  maplibre: {
    name: 'MapLibre',
    versions: { 'maplibre-gl': '6.17.0' },
    apps: [{ app: 'maplibre-gl', dir: 'dist', prefix: 'maplibre' }],
    html: (url) => `
      <link rel="stylesheet" href="${url('maplibre/maplibre-gl.css')}">
      <div id="map" style="width: 200px; height: 150px"></div>
      <script type="module">
        import * as maplibre from '${url('maplibre/maplibre-gl.mjs')}';
        const square = { type: 'Polygon', coordinates: [[[-60, -60], [60, -60], [60, 60], [-60, 60], [-60, -60]]] };
        window.map = new maplibre.Map({
          container: 'map', zoom: 0,
          style: {
            version: 8,
            sources: { square: { type: 'geojson', data: { type: 'Feature', properties: {}, geometry: square } } },
            layers: [{ id: 'square', type: 'fill', source: 'square' }],
          },
        });
      </script>`,
    probe: `map.loaded() && map.queryRenderedFeatures().length`,
    needs: {
      why: 'It computes the name of its worker.',
      'originals: false': { exclude: ['maplibre/maplibre-gl-worker.mjs'] },
    },
  },
  onnxruntime: {
    name: 'ONNX Runtime',
    versions: { 'onnxruntime-web': '1.30.0' },
    apps: [{ app: 'onnxruntime-web', dir: 'dist', prefix: 'onnxruntime' }],
    html: (url) => `
      <script type="module">
        import * as ort from '${url('onnxruntime/ort.wasm.min.mjs')}';
        ort.env.wasm.numThreads = 1;
        // A model with one node, y = x + x.
        const model = atob('CAg6NQoOCgF4CgF4EgF5IgNBZGQSAWdaDwoBeBIKCggIARIECgIIAWIPCgF5EgoKCAgBEgQKAggBQgIQDQ==');
        const session = await ort.InferenceSession.create(Uint8Array.from(model, (character) => character.charCodeAt(0)));
        const { y } = await session.run({ x: new ort.Tensor('float32', [21], [1]) });
        window.sum = y.data[0];
      </script>`,
    probe: `window.sum`,
    needs: {
      why: 'It computes the names of its WebAssembly files.',
      'originals: false': { exclude: ['onnxruntime/ort-wasm-*'] },
    },
  },
  pyodide: {
    name: 'Pyodide',
    versions: { pyodide: '314.0.7' },
    apps: [{ app: 'pyodide', dir: '.', prefix: 'pyodide' }],
    html: (url) => `
      <script type="module">
        import { loadPyodide } from '${url('pyodide/pyodide.mjs')}';
        const python = await loadPyodide({ indexURL: '/static/pyodide/' });
        window.sum = python.runPython('sum(range(7))');
      </script>`,
    probe: `window.sum`,
    needs: {
      why: 'It loads Python from the folder `indexURL`.',
      'originals: false': { exclude: ['pyodide/{pyodide.asm,pyodide-lock,python_stdlib}.*'] },
    },
  },
  'sqlite-wasm': {
    name: 'SQLite Wasm',
    versions: { '@sqlite.org/sqlite-wasm': '3.54.1-build1' },
    apps: [{ app: '@sqlite.org/sqlite-wasm', dir: 'dist', prefix: 'sqlite' }],
    html: (url) => `
      <script type="module">
        import start from '${url('sqlite/index.mjs')}';
        const sqlite = await start();
        window.answer = new sqlite.oo1.DB(':memory:').selectValue('select 6 * 7');
        const worker = new Worker('${url('sqlite/sqlite3-worker1.mjs')}', { type: 'module' });
        worker.onmessage = ({ data }) => { window.fromWorker ??= data.result; };
      </script>`,
    probe: `window.fromWorker && [answer, fromWorker]`,
    needs: {
      why: 'It computes the name of its WebAssembly file.',
      'originals: false': { exclude: ['sqlite/sqlite3.wasm'] },
    },
  },
  monaco: {
    name: 'Monaco',
    versions: { 'monaco-editor': '0.57.0' },
    apps: [{ app: 'monaco-editor', dir: 'min/vs', prefix: 'monaco/vs' }],
    html: (url) => `
      <div id="editor" style="width: 400px; height: 200px"></div>
      <script src="${url('monaco/vs/loader.js')}"></script>
      <script>
        require.config({ paths: { vs: '/static/monaco/vs' } });
        require(['vs/editor/editor.main'], () => {
          window.editor = monaco.editor.create(document.querySelector('#editor'), { value: '{"a": }', language: 'json' });
        });
      </script>`,
    probe: `document.querySelector('.monaco-editor .mtk1, .monaco-editor .mtk20, .monaco-editor .mtk4') && monaco.editor.getModelMarkers({}).map(({ message }) => message).join() `,
    needs: {
      why: 'Its loader computes the names of all other scripts, from the folder in `require.config({ paths: { vs: "/static/monaco/vs" } })`.',
      'originals: false': { exclude: ['monaco/**'] },
    },
  },
  'bootstrap-icons': {
    name: 'Bootstrap Icons',
    versions: { 'bootstrap-icons': '1.13.2' },
    apps: [{ app: 'bootstrap-icons', dir: 'font', prefix: 'bootstrap-icons' }],
    html: (url) => `
      <link rel="stylesheet" href="${url('bootstrap-icons/bootstrap-icons.min.css')}">
      <i class="bi bi-alarm"></i>`,
    probe: `[...document.fonts].some((font) => font.status === 'loaded')`,
  },
  'font-awesome': {
    name: 'Font Awesome',
    versions: { '@fortawesome/fontawesome-free': '7.3.1' },
    apps: [
      { app: '@fortawesome/fontawesome-free', dir: 'css', prefix: 'fontawesome/css' },
      { app: '@fortawesome/fontawesome-free', dir: 'webfonts', prefix: 'fontawesome/webfonts' },
      { app: '@fortawesome/fontawesome-free', dir: 'sprites', prefix: 'fontawesome/sprites' },
    ],
    html: (url) => `
      <link rel="stylesheet" href="${url('fontawesome/css/all.min.css')}">
      <i class="fa-solid fa-star"></i><i class="fa-brands fa-github"></i>
      <svg width="20" height="20"><use href="${url('fontawesome/sprites/solid.svg')}#star"></use></svg>`,
    probe: `[...document.fonts].filter((font) => font.status === 'loaded').length === 2 && document.querySelector('svg').getBBox().width`,
  },
  three: {
    name: 'Three.js',
    versions: { three: '0.187.0' },
    apps: [
      { app: 'three', dir: 'build', prefix: 'three/build' },
      { app: 'three', dir: 'examples/jsm', prefix: 'three/addons' },
    ],
    importmap: { three: 'three/build/three.module.js', 'three/addons/': 'three/addons/' },
    html: () => `
      <script type="module">
        import * as THREE from 'three';
        import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
        const renderer = new THREE.WebGLRenderer({ preserveDrawingBuffer: true });
        renderer.setSize(40, 30);
        const camera = new THREE.PerspectiveCamera(60, 4 / 3, 0.1, 10);
        camera.position.z = 2;
        const scene = new THREE.Scene().add(new THREE.Mesh(new THREE.BoxGeometry(), new THREE.MeshBasicMaterial({ color: 0xff0000 })));
        new OrbitControls(camera, renderer.domElement);
        renderer.render(scene, camera);
        const pixel = new Uint8Array(4);
        const gl = renderer.getContext();
        gl.readPixels(20, 15, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
        window.pixel = [...pixel];
      </script>`,
    probe: `window.pixel`,
  },
  htmx: {
    name: 'htmx',
    versions: { 'htmx.org': '4.0.1' },
    apps: [{ app: 'htmx.org', dir: 'dist', prefix: 'htmx' }],
    html: (url) => `
      <script src="${url('htmx/htmx.min.js')}"></script>
      <p id="out" hx-get="/" hx-trigger="load" hx-select="em"></p><em>fetched</em>`,
    probe: `document.querySelector('#out').innerHTML`,
  },
  alpine: {
    name: 'Alpine.js',
    versions: { alpinejs: '3.17.5' },
    apps: [{ app: 'alpinejs', dir: 'dist', prefix: 'alpine' }],
    html: (url) => `
      <script defer src="${url('alpine/cdn.min.js')}"></script>
      <p x-data="{ count: 3 }" x-text="count * 2"></p>`,
    probe: `document.querySelector('p').textContent`,
  },
  lit: {
    name: 'Lit',
    versions: { lit: '3.3.3', 'lit-html': '3.3.3', 'lit-element': '4.2.2', '@lit/reactive-element': '2.1.2' },
    apps: [
      { app: 'lit', dir: '.', prefix: 'lit' },
      { app: 'lit-html', dir: '.', prefix: 'lit-html' },
      { app: 'lit-element', dir: '.', prefix: 'lit-element' },
      { app: '@lit/reactive-element', dir: '.', prefix: 'reactive-element' },
    ],
    importmap: {
      lit: 'lit/index.js',
      'lit/': 'lit/',
      'lit-html': 'lit-html/lit-html.js',
      'lit-html/': 'lit-html/',
      'lit-element/': 'lit-element/',
      '@lit/reactive-element': 'reactive-element/reactive-element.js',
      '@lit/reactive-element/': 'reactive-element/',
    },
    html: () => `
      <x-hello></x-hello>
      <script type="module">
        import { html, LitElement } from 'lit';
        import { repeat } from 'lit/directives/repeat.js';
        customElements.define('x-hello', class extends LitElement {
          render() { return html\`<p>\${repeat([1, 2], (each) => each)}</p>\`; }
        });
      </script>`,
    probe: `document.querySelector('x-hello').shadowRoot.querySelector('p').textContent`,
  },
  codemirror: {
    name: 'CodeMirror 5',
    versions: { codemirror: '5.65.21' },
    apps: [{ app: 'codemirror', dir: '.', prefix: 'codemirror' }],
    html: (url) => `
      <link rel="stylesheet" href="${url('codemirror/lib/codemirror.css')}">
      <script src="${url('codemirror/lib/codemirror.js')}"></script>
      <script src="${url('codemirror/addon/mode/loadmode.js')}"></script>
      <script>
        CodeMirror.modeURL = '/static/codemirror/mode/%N/%N.js';
        const editor = CodeMirror(document.body, { value: 'var a = 1;', mode: 'javascript' });
        CodeMirror.autoLoadMode(editor, 'javascript');
      </script>`,
    probe: `document.querySelector('.cm-keyword').textContent`,
    needs: {
      why: '`loadmode.js` computes the names of modes, from `CodeMirror.modeURL`.',
      'originals: false': { exclude: ['codemirror/mode/**'] },
    },
  },
  katex: {
    name: 'KaTeX',
    versions: { katex: '0.19.1' },
    apps: [{ app: 'katex', dir: 'dist', prefix: 'katex' }],
    html: (url) => `
      <link rel="stylesheet" href="${url('katex/katex.min.css')}">
      <p>Let \\(\\frac{x}{2}\\) be.</p>
      <script src="${url('katex/katex.min.js')}"></script>
      <script src="${url('katex/contrib/auto-render.min.js')}"></script>
      <script>renderMathInElement(document.body)</script>`,
    probe: `document.querySelector('.katex') && [...document.fonts].filter((font) => font.status === 'loaded').length`,
  },
  chartjs: {
    name: 'Chart.js',
    versions: { 'chart.js': '4.6.1', '@kurkle/color': '0.3.4' },
    apps: [
      { app: 'chart.js', dir: 'dist', prefix: 'chartjs' },
      { app: '@kurkle/color', dir: 'dist', prefix: 'kurkle-color' },
    ],
    importmap: { 'chart.js': 'chartjs/chart.js', '@kurkle/color': 'kurkle-color/color.esm.js' },
    html: () => `
      <canvas id="chart" width="300" height="150"></canvas>
      <script type="module">
        import { Chart, registerables } from 'chart.js';
        Chart.register(...registerables);
        window.chart = new Chart(document.querySelector('#chart'), {
          type: 'bar', options: { animation: false, responsive: false }, data: { labels: ['a'], datasets: [{ data: [3], backgroundColor: 'red' }] },
        });
      </script>`,
    probe: `chart.getDatasetMeta(0).data[0].height`,
  },
  videojs: {
    name: 'Video.js',
    versions: { 'video.js': '8.24.1' },
    apps: [{ app: 'video.js', dir: 'dist', prefix: 'videojs' }],
    html: (url) => `
      <link rel="stylesheet" href="${url('videojs/video-js.min.css')}">
      <video id="film" class="video-js" controls width="320" height="180"></video>
      <script src="${url('videojs/video.min.js')}"></script>
      <script src="${url('videojs/lang/de.js')}"></script>
      <script>const player = videojs('film', { language: 'de' })</script>`,
    probe: `player.isReady_ && [player.localize('Play'), getComputedStyle(document.querySelector('.vjs-big-play-button')).position]`,
  },
  plyr: {
    name: 'Plyr',
    versions: { plyr: '3.8.4' },
    apps: [{ app: 'plyr', dir: 'dist', prefix: 'plyr' }],
    html: (url) => `
      <link rel="stylesheet" href="${url('plyr/plyr.css')}">
      <audio id="song" controls></audio>
      <script src="${url('plyr/plyr.min.js')}"></script>
      <script>const player = new Plyr('#song', { iconUrl: '${url('plyr/plyr.svg')}' })</script>`,
    probe: `Math.max(...[...document.querySelectorAll('.plyr__controls svg')].map((icon) => icon.getBBox().width))`,
  },
  'tom-select': {
    name: 'Tom Select',
    versions: { 'tom-select': '2.6.2' },
    apps: [{ app: 'tom-select', dir: 'dist', prefix: 'tom-select' }],
    html: (url) => `
      <link rel="stylesheet" href="${url('tom-select/css/tom-select.bootstrap5.min.css')}">
      <select id="choice" multiple><option value="a" selected>A</option></select>
      <script src="${url('tom-select/js/tom-select.complete.min.js')}"></script>
      <script>const choice = new TomSelect('#choice', { plugins: ['remove_button'] })</script>`,
    probe: `choice.items.length && getComputedStyle(document.querySelector('.ts-control')).display`,
  },
  quill: {
    name: 'Quill',
    versions: { quill: '2.0.3' },
    apps: [{ app: 'quill', dir: 'dist', prefix: 'quill' }],
    html: (url) => `
      <link rel="stylesheet" href="${url('quill/quill.snow.css')}">
      <div id="editor">Hello</div>
      <script src="${url('quill/quill.js')}"></script>
      <script>const quill = new Quill('#editor', { theme: 'snow' })</script>`,
    probe: `document.querySelector('.ql-toolbar') && [quill.getText(), getComputedStyle(quill.container).borderTopWidth]`,
  },
  flatpickr: {
    name: 'flatpickr',
    versions: { flatpickr: '4.6.13' },
    apps: [{ app: 'flatpickr', dir: 'dist', prefix: 'flatpickr' }],
    html: (url) => `
      <link rel="stylesheet" href="${url('flatpickr/flatpickr.min.css')}">
      <input id="day">
      <script src="${url('flatpickr/flatpickr.min.js')}"></script>
      <script src="${url('flatpickr/l10n/de.js')}"></script>
      <script>const picker = flatpickr('#day', { locale: 'de', defaultDate: '2026-03-01', inline: true })</script>`,
    probe: `[document.querySelector('.flatpickr-weekday').textContent.trim(), getComputedStyle(picker.calendarContainer).width]`,
  },
  photoswipe: {
    name: 'PhotoSwipe',
    versions: { photoswipe: '5.4.4' },
    apps: [{ app: 'photoswipe', dir: 'dist', prefix: 'photoswipe' }],
    html: (url) => `
      <link rel="stylesheet" href="${url('photoswipe/photoswipe.css')}">
      <script type="module">
        import PhotoSwipeLightbox from '${url('photoswipe/photoswipe-lightbox.esm.min.js')}';
        const lightbox = new PhotoSwipeLightbox({
          dataSource: [{ html: '<p>picture</p>' }], pswpModule: () => import('${url('photoswipe/photoswipe.esm.min.js')}'),
        });
        lightbox.init();
        lightbox.loadAndOpen(0);
      </script>`,
    probe: `document.querySelector('.pswp--open') && getComputedStyle(document.querySelector('.pswp')).position`,
  },
  highlightjs: {
    name: 'highlight.js',
    versions: { '@highlightjs/cdn-assets': '11.12.0' },
    apps: [{ app: '@highlightjs/cdn-assets', dir: '.', prefix: 'highlight' }],
    html: (url) => `
      <link rel="stylesheet" href="${url('highlight/styles/github.min.css')}">
      <pre><code class="language-ada">begin null; end;</code></pre>
      <script type="module">
        import hljs from '${url('highlight/es/core.min.js')}';
        import ada from '${url('highlight/es/languages/ada.min.js')}';
        hljs.registerLanguage('ada', ada);
        hljs.highlightAll();
      </script>`,
    probe: `getComputedStyle(document.querySelector('.hljs-keyword')).color`,
  },
  prism: {
    name: 'Prism',
    versions: { prismjs: '1.30.0' },
    apps: [{ app: 'prismjs', dir: '.', prefix: 'prism' }],
    html: (url) => `
      <link rel="stylesheet" href="${url('prism/themes/prism.min.css')}">
      <pre><code class="language-ada">begin null; end;</code></pre>
      <script src="${url('prism/components/prism-core.min.js')}"></script>
      <script src="${url('prism/plugins/autoloader/prism-autoloader.min.js')}"></script>`,
    probe: `getComputedStyle(document.querySelector('.token.keyword')).color`,
    needs: {
      why: 'The autoloader finds the folder of languages by its own file name.',
      default: { exclude: ['prism/plugins/autoloader/prism-autoloader.min.js'] },
      'originals: false': {
        exclude: ['prism/plugins/autoloader/prism-autoloader.min.js', 'prism/components/**'],
      },
    },
  },
  'swagger-ui': {
    name: 'Swagger UI',
    versions: { 'swagger-ui-dist': '5.35.0' },
    apps: [{ app: 'swagger-ui-dist', dir: '.', prefix: 'swagger-ui' }],
    html: (url) => `
      <link rel="stylesheet" href="${url('swagger-ui/swagger-ui.css')}">
      <div id="ui"></div>
      <script src="${url('swagger-ui/swagger-ui-bundle.js')}"></script>
      <script>SwaggerUIBundle({ dom_id: '#ui', spec: { openapi: '3.0.0', info: { title: 'Shop', version: '1' }, paths: {} } })</script>`,
    probe: `getComputedStyle(document.querySelector('.swagger-ui .info .title')).fontSize`,
  },
  datatables: {
    name: 'DataTables',
    versions: { 'datatables.net-dt': '3.1.2', 'datatables.net': '3.1.2' },
    apps: [
      { app: 'datatables.net', dir: 'js', prefix: 'datatables/js' },
      { app: 'datatables.net-dt', dir: '.', prefix: 'datatables/dt' },
    ],
    html: (url) => `
      <link rel="stylesheet" href="${url('datatables/dt/css/dataTables.dataTables.min.css')}">
      <table id="table"><thead><tr><th>Name</th></tr></thead><tbody><tr><td>b</td></tr><tr><td>a</td></tr></tbody></table>
      <script src="${url('datatables/js/dataTables.min.js')}"></script>
      <script src="${url('datatables/dt/js/dataTables.dataTables.min.js')}"></script>
      <script>new DataTable('#table')</script>`,
    probe: `document.querySelector('td').textContent === 'a' && getComputedStyle(document.querySelector('#table')).width`,
  },
  'jquery-ui': {
    name: 'jQuery UI',
    versions: { 'jquery-ui-dist': '1.13.3', jquery: '3.8.0' },
    apps: [
      { app: 'jquery', dir: 'dist', prefix: 'jquery' },
      { app: 'jquery-ui-dist', dir: '.', prefix: 'jquery-ui' },
    ],
    html: (url) => `
      <link rel="stylesheet" href="${url('jquery-ui/jquery-ui.min.css')}">
      <div id="parts"><h3>One</h3><p>1</p></div>
      <script src="${url('jquery/jquery.min.js')}"></script>
      <script src="${url('jquery-ui/jquery-ui.min.js')}"></script>
      <script>$('#parts').accordion()</script>`,
    probe: `getComputedStyle(document.querySelector('.ui-icon')).backgroundImage.includes('ui-icons') && getComputedStyle(document.querySelector('.ui-icon')).width`,
  },
};
