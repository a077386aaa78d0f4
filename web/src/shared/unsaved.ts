import "element-plus/es/components/message-box/style/css";
import { ElMessageBox } from "element-plus";
import { onMounted, onUnmounted } from "vue";
import { useI18n } from "vue-i18n";
import { onBeforeRouteLeave } from "vue-router";

/** Asks before what was written and not kept is left; gives how to ask. */
export function useUnsaved(unsaved: () => boolean): () => Promise<boolean> {
  const { t } = useI18n();
  const mayLeave = async (): Promise<boolean> => {
    if (!unsaved()) return true;
    return ElMessageBox.confirm(t("form.unsavedHint"), t("form.unsaved"), { confirmButtonText: t("form.throwAway"), cancelButtonText: t("form.goOn"), type: "warning" }).then(() => true, () => false);
  };
  function guard(event: BeforeUnloadEvent): void {
    if (unsaved()) event.preventDefault();
  }
  onBeforeRouteLeave(mayLeave);
  onMounted(() => addEventListener("beforeunload", guard));
  onUnmounted(() => removeEventListener("beforeunload", guard));
  return mayLeave;
}
