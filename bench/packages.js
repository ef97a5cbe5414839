// What three real packages look like: their folders, the distribution of their files' sizes, their few big files.
// Measured on @tabler/icons 3, @fortawesome/fontawesome-free 7 and bootstrap 5.

/** Sizes of icons, as [share of the files, bytes]. */
export const iconSizes = [
  [0, 40],
  [0.1, 434],
  [0.25, 480],
  [0.5, 541],
  [0.75, 632],
  [0.9, 744],
  [0.99, 1171],
  [1, 2700],
];

const categories = Array.from({ length: 40 }, (_, index) => [`categories/c${index}`, 130]);

export const packages = [
  {
    name: 'icons',
    folders: [['icons/outline', 5230], ['icons/filled', 1054], ...categories],
    quantiles: iconSizes,
    large: [580_329, 2_014_465, 2_219_943],
  },
  {
    name: 'icon-font',
    folders: [
      ['svgs/solid', 2001],
      ['svgs/brands', 609],
      ['svgs/regular', 273],
      ['svgs-full/solid', 2001],
      ['svgs-full/brands', 609],
      ['svgs-full/regular', 200],
    ],
    quantiles: [
      [0, 63],
      [0.1, 590],
      [0.25, 708],
      [0.5, 900],
      [0.75, 1174],
      [0.9, 1587],
      [0.99, 3200],
      [1, 6755],
    ],
    large: [
      5_403_884, 1_738_517, 1_605_096, 1_188_954, 1_149_742, 912_390, 876_287, 848_134, 1_815_000, 790_000,
      760_000, 700_000, 640_000, 520_000, 410_000, 300_000,
    ],
  },
  {
    name: 'framework',
    folders: [
      ['scss', 110],
      ['js', 90],
    ],
    quantiles: [
      [0, 37],
      [0.1, 399],
      [0.25, 1642],
      [0.5, 4695],
      [0.75, 15_374],
      [0.9, 100_000],
      [1, 332_111],
    ],
    large: [680_938, 680_798, 590_038, 589_235, 431_870],
  },
];
