/** Packages with ordinary vendor code, and the packages that their modules come from. */
export const PACKAGES = [
  'bootstrap',
  '@fortawesome/fontawesome-free',
  'jquery-ui-dist',
  'katex',
  'tinymce',
  'swagger-ui-dist',
  'three',
  'lit',
  '@lit/reactive-element',
  'lit-html',
  'lit-element',
  'codemirror',
  '@tabler/core',
  'video.js',
  'datatables.net-dt',
  'leaflet',
];
