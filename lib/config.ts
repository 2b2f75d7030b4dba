/** Settings of a project with their types: `export default defineConfig({ … })` in tierwall.config.ts. */
export { defineConfig, type TierwallConfig } from './config/tierwall-config';
