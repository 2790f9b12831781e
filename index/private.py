"""Keeps the libraries to themselves and small: no model download, no telemetry, no tracing service."""

import os
import sys

_SWITCHES = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "LANGSMITH_TRACING": "false",
    "LANGSMITH_TRACING_V2": "false",
    "LANGCHAIN_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "PYPINYIN_NO_PHRASES": "true",  # 30 MB of phrases; single characters are enough here
}


def keep_private() -> None:
    """Switch off everything that would contact an outside host, whatever the environment says.

    LANGSMITH_TRACING=true alone would send every question to an outside
    service, even without a key.
    """
    os.environ.update(_SWITCHES)
    langsmith = sys.modules.get("langsmith.utils")
    if langsmith is not None:  # it remembers what it read before
        langsmith.get_env_var.cache_clear()
    hub = sys.modules.get("huggingface_hub.constants")
    if hub is not None:  # it read its environment when it was imported; Gradio imports it
        vars(hub)["HF_HUB_OFFLINE"] = True
