// what stands in no template brings its looks along by itself
import "element-plus/es/components/message/style/css";
import { ElMessage } from "element-plus";

const LONG_MS = 8000;

/** Says for a moment that something went well, or, longer, what did not. */
export function toast(message: string, type: "success" | "warning" = "success"): void {
  ElMessage({ message, type, showClose: true, ...(type === "warning" ? { duration: LONG_MS } : {}) });
}
