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
      why: 'Its script reads the folder of the marker images out of a `url()` in its style sheet, by the end `marker-icon.png`.',
      fingerprint: { exclude: ['leaflet/images/marker-*.png'] },
      brokenWithout: ['default', 'originals: false'],
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
};
