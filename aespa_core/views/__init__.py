"""Data in; maps, charts, tables and files out. Knows no Streamlit."""
