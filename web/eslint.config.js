import vueI18n from "@intlify/eslint-plugin-vue-i18n";
import pluginVue from "eslint-plugin-vue";
import tseslint from "typescript-eslint";
import parser from "vue-eslint-parser";

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/schema.d.ts", "src/components.d.ts", "test-results", "playwright-report"] },
  ...tseslint.configs.strict,
  ...pluginVue.configs["flat/recommended"],
  {
    files: ["**/*.vue"],
    languageOptions: { parser, parserOptions: { parser: tseslint.parser, extraFileExtensions: [".vue"], sourceType: "module" } },
  },
  {
    plugins: { "@intlify/vue-i18n": vueI18n },
    rules: {
      // every word that people read stands in the catalogues
      "@intlify/vue-i18n/no-raw-text": ["error", { ignorePattern: "^[\\s\\-–—·:：/()（）.,+×✓!?|0-9#%→←↑↓⌘]*$", attributes: { "/.+/": ["title", "aria-label", "placeholder", "alt", "label"] } }],
      "vue/html-indent": "off",
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/html-self-closing": ["error", { html: { void: "always" } }],
      "vue/html-closing-bracket-newline": "off",
      "vue/first-attribute-linebreak": "off",
      "vue/multi-word-component-names": "off",
      "max-lines": ["error", { max: 400, skipBlankLines: true }],
    },
  },
);
